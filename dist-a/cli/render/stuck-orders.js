"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.stuckLines = void 0;
const figures_1 = require("./figures");
const paint_1 = require("./paint");
const table_1 = require("./table");
const titles = ['order', 'item', 'age', 'waits for', 'tried', 'failed with', 'place in the log'];
const waitsFor = {
    WAITS_FOR_DECISION: 'decision (saga)',
    WAITS_FOR_PAYMENT: 'payment (provider)',
    WAITS_FOR_VIEW: 'view (projector)',
    UNKNOWN: 'unknown (Redis does not say)',
};
const stuckLines = (orders, paint) => {
    if (orders.length === 0)
        return ['No order.'];
    const rows = orders.map((order) => [
        (0, paint_1.harmless)(order.key),
        (0, paint_1.harmless)(order.item_id ?? '-'),
        (0, figures_1.duration)(order.age_ms),
        waitsFor[order.step] ?? (0, paint_1.harmless)(order.step),
        order.attempts === null ? '-' : (0, figures_1.count)(order.attempts),
        (0, paint_1.harmless)(order.last_error?.reason ?? '-'),
        order.position,
    ]);
    return (0, table_1.table)(titles.map((title) => ({ title })), rows, paint);
};
exports.stuckLines = stuckLines;
//# sourceMappingURL=stuck-orders.js.map