"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readCommitted = void 0;
const deadline_1 = require("../chassis/deadline");
const stock_keys_1 = require("../schemas/stock-keys");
const deadlineMs = 1_000;
/**
 * What is sold and reserved of an item, as the stock store has it now: the view is behind by what the projector has to do.
 * An item that the open generation does not know has no buyers. Undefined when nobody can say: the store is away, or is
 * being rebuilt.
 */
const readCommitted = async (redis, saleId, itemId) => {
    const ask = async () => {
        const [epoch, open] = await redis.hmget((0, stock_keys_1.currentKey)(saleId), 'epoch', 'open');
        if (typeof epoch !== 'string' || open !== '1')
            return undefined;
        const [sold, reserved] = await redis.hmget((0, stock_keys_1.stockKey)(saleId, epoch, itemId), 'sold', 'reserved');
        return { sold: Number(sold ?? 0), reserved: Number(reserved ?? 0) };
    };
    return (0, deadline_1.withDeadline)(ask(), deadlineMs, 'the stock store').catch(() => undefined);
};
exports.readCommitted = readCommitted;
//# sourceMappingURL=committed-stock.js.map