"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.stockItem = void 0;
const stock = 1_000_000;
/** Puts enough of an item into stock for every order of a run. */
const stockItem = async (url, item) => {
    const answer = await fetch(`${url}/commands/adjust-stock`, {
        method: 'POST',
        headers: {
            'Content-Type': 'application/json',
            Authorization: `Bearer ${process.env['ADMIN_TOKEN'] ?? ''}`,
        },
        body: JSON.stringify({ item_id: item, delta: stock, reason: 'benchmark', command_id: item }),
    });
    if (answer.status !== 202)
        throw new Error(`stocking the item was answered ${answer.status}`);
};
exports.stockItem = stockItem;
//# sourceMappingURL=stock-item.js.map