"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.countMove = exports.emptyCounts = void 0;
const emptyCounts = () => ({ items: new Map(), totals: new Map() });
exports.emptyCounts = emptyCounts;
const itemOf = (counts, itemId, by) => {
    const key = `${itemId} ${by.topic} ${by.partition}`;
    const found = counts.items.get(key);
    if (found)
        return found;
    const added = {
        item_id: itemId,
        topic: by.topic,
        partition: by.partition,
        pending_units: 0,
        sold_units: 0,
        pending_orders: 0,
        completed_orders: 0,
        failed_orders: 0,
    };
    counts.items.set(key, added);
    return added;
};
const addTotal = (counts, status, by) => {
    const second = Math.floor(by.appended_at / 1000);
    const key = `${second} ${status} ${by.partition}`;
    const found = counts.totals.get(key) ?? { second, status, partition: by.partition, orders: 0, units: 0 };
    found.orders += 1;
    found.units += by.amount ?? 0;
    counts.totals.set(key, found);
};
const addPending = (counts, asked, by, sign) => {
    if (asked.item_id === null)
        return;
    const item = itemOf(counts, asked.item_id, by);
    item.pending_orders += sign;
    item.pending_units += sign * (asked.amount ?? 0);
};
const addOutcome = (counts, outcome) => {
    addTotal(counts, outcome.status, outcome);
    if (outcome.item_id === null)
        return;
    const item = itemOf(counts, outcome.item_id, outcome);
    if (outcome.status !== 'COMPLETED') {
        item.failed_orders += 1;
        return;
    }
    item.completed_orders += 1;
    item.sold_units += outcome.amount ?? 0;
};
/**
 * Adds one order's move. An order is pending from its request to its outcome, whichever is read first, so a request
 * that finds its outcome there already was never pending in this view.
 */
const countMove = (counts, move) => {
    const { request, outcome } = move;
    if (request)
        addTotal(counts, 'ACCEPTED', request);
    if (outcome)
        addOutcome(counts, outcome);
    if (request && !outcome && !move.wasDecided)
        addPending(counts, request, request, 1);
    if (outcome && !request && move.wasRequested)
        addPending(counts, move.asked, outcome, -1);
};
exports.countMove = countMove;
//# sourceMappingURL=item-view.js.map