"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.itemLines = exports.soldBar = void 0;
const figures_1 = require("./figures");
const paint_1 = require("./paint");
const table_1 = require("./table");
const barWidth = 20;
const paintLeft = (item, text, paint) => {
    if (item.available < 0)
        return paint.bad(text);
    return item.available === 0 ? paint.warn(text) : text;
};
const paintSale = (sale, paint) => {
    if (sale === undefined)
        return '-';
    return sale.state === 'OPEN' ? paint.good(sale.state) : paint.warn(sale.state);
};
/** A bar of what is sold. */
const soldBar = ({ sold, stocked }, width) => (0, figures_1.bar)(sold, stocked, width);
exports.soldBar = soldBar;
const itemLines = (items, paint) => {
    if (items.length === 0)
        return ['No item was ever stocked. Stock one with: flash-sale stock add'];
    const right = { align: 'right' };
    return (0, table_1.table)([
        { title: 'item' },
        { title: 'sold' },
        { title: 'stocked', ...right },
        { title: 'sold', ...right },
        { title: 'pending', ...right },
        { title: 'left', ...right },
        { title: 'limit', ...right },
        { title: 'version', ...right },
        { title: 'sale' },
        { title: 'completed', ...right },
        { title: 'failed', ...right },
    ], items.map((item) => [
        (0, paint_1.harmless)(item.item_id),
        (0, exports.soldBar)(item, barWidth),
        (0, figures_1.count)(item.stocked),
        (0, figures_1.count)(item.sold),
        (0, figures_1.count)(item.pending),
        paintLeft(item, (0, figures_1.count)(item.available), paint),
        item.buyer_limit === null ? '-' : (0, figures_1.count)(item.buyer_limit),
        String(item.version ?? '-'),
        paintSale(item.sale, paint),
        (0, figures_1.count)(item.orders.completed),
        (0, figures_1.count)(item.orders.failed),
    ]), paint);
};
exports.itemLines = itemLines;
//# sourceMappingURL=items.js.map