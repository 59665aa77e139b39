"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.viewsToday = void 0;
const items_v2_1 = require("./items-v2");
const letters_by_key_1 = require("./letters-by-key");
const orders_pending_1 = require("./orders-pending");
/** The shape that this release writes and reads. A change: add a file beside the old one, name it here, rebuild. */
exports.viewsToday = {
    orders: orders_pending_1.ordersV1Indexed,
    items: items_v2_1.itemsV2,
    'dead-letters': letters_by_key_1.deadLettersV2Indexed,
};
//# sourceMappingURL=today.js.map