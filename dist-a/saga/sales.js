"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.salesOf = void 0;
const sale_1 = require("../schemas/sale");
/**
 * The command API opens a scheduled sale by its own clock, the saga by the brokers'. An order that was let in while the
 * brokers' clock was behind by up to this much is not refused for it.
 */
const openingSkewMs = 1_000;
const salesOf = ({ ledger, ...follower }) => ({
    catchUp: () => follower.catchUp(),
    isOff: (itemId, atMs) => {
        const sale = ledger.saleAt(itemId, atMs);
        const state = (0, sale_1.saleStateAt)(sale, atMs);
        return state === 'SCHEDULED' ? (0, sale_1.saleStateAt)(sale, atMs + openingSkewMs) !== 'OPEN' : state !== 'OPEN';
    },
});
exports.salesOf = salesOf;
//# sourceMappingURL=sales.js.map