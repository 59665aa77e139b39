"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.auditAll = exports.loadOrder = exports.loadItems = exports.adjustAll = exports.emittedOne = exports.settleOne = exports.decideOne = exports.emptyGeneration = void 0;
const stock_fold_1 = require("../stock-fold");
const record_1 = require("./record");
const emptyGeneration = () => ({
    orders: new Map(),
    items: new Map(),
    buyers: new Map(),
    adjusted: new Map(),
    commands: new Set(),
});
exports.emptyGeneration = emptyGeneration;
const buyerOf = ({ itemId, userId }) => `${itemId} ${userId}`;
const find = (it, key, nowMs) => {
    const kept = it.orders.get(key);
    if (kept?.expiresAtMs === undefined || kept.expiresAtMs > nowMs)
        return kept;
    it.orders.delete(key);
    return undefined;
};
const refusal = (reason, detail = null) => ({ reason, detail });
const refusalByStock = (it, order, stock) => {
    const units = it.buyers.get(buyerOf(order)) ?? 0;
    const { amount } = order;
    if (stock.unitsMax !== null && units + amount > stock.unitsMax) {
        return refusal('LIMIT_EXCEEDED', (0, stock_fold_1.overLimitDetail)(amount, units, stock.unitsMax));
    }
    const left = stock.available;
    return left < amount ? refusal('SOLD_OUT', (0, stock_fold_1.soldOutDetail)(amount, left)) : undefined;
};
/** What a new order comes to: a refusal, an item to wait for, or stock to reserve. */
const judgeNew = (it, { order, appendedAtMs, stockIsCurrent, isOffSale }, { memory, nowMs }) => {
    if (!order)
        return refusal('UNPROCESSABLE');
    if (nowMs - appendedAtMs > memory.horizonMs)
        return refusal('EXPIRED');
    if (isOffSale)
        return refusal('SALE_CLOSED');
    const stock = it.items.get(order.itemId);
    if (!stock)
        return stockIsCurrent ? refusal('UNKNOWN_ITEM') : 'unknown-item';
    return refusalByStock(it, order, stock) ?? { order, stock };
};
const reserve = (it, order, stock) => {
    stock.available -= order.amount;
    stock.reserved += order.amount;
    it.buyers.set(buyerOf(order), (it.buyers.get(buyerOf(order)) ?? 0) + order.amount);
};
const repeated = (kept, order) => {
    if (order && kept.payload !== (0, record_1.payloadText)(order))
        return { kind: 'conflict' };
    return { kind: 'decided', isNew: false, emitted: kept.expiresAtMs !== undefined, record: kept.record };
};
/** decide.lua for one order. */
const decideOne = (it, request, facts) => {
    const { memory, nowMs } = facts;
    const { key, order } = request;
    const kept = find(it, key, nowMs);
    if (kept)
        return repeated(kept, order);
    const forgets = nowMs - facts.rememberedSinceMs > memory.horizonMs;
    if (forgets && nowMs - request.absentThroughMs > memory.horizonMs) {
        return { kind: 'unsure', storeNowMs: nowMs };
    }
    const put = (record) => {
        it.orders.set(key, { record, payload: (0, record_1.payloadText)(order) });
        return { kind: 'decided', isNew: true, emitted: false, record };
    };
    const verdict = judgeNew(it, request, facts);
    if (verdict === 'unknown-item')
        return { kind: 'unknown-item' };
    if ('reason' in verdict)
        return put({ state: 'FAILED', atMs: nowMs, key, order, ...verdict });
    reserve(it, verdict.order, verdict.stock);
    return put({ state: 'RESERVED', atMs: nowMs, order: verdict.order });
};
exports.decideOne = decideOne;
const giveBack = (it, order) => {
    it.buyers.set(buyerOf(order), (it.buyers.get(buyerOf(order)) ?? 0) - order.amount);
};
/** settle.lua for one order. */
const settleOne = (it, { order, outcome }, nowMs) => {
    const kept = find(it, order.key, nowMs);
    if (!kept)
        return { kind: 'missing' };
    const before = kept.record;
    if (before.state !== 'RESERVED') {
        return { kind: 'settled', emitted: kept.expiresAtMs !== undefined, record: before };
    }
    const record = outcome.state === 'COMPLETED'
        ? { state: 'COMPLETED', atMs: nowMs, order: before.order, paymentId: outcome.paymentId }
        : { ...outcome, atMs: nowMs, key: order.key, order: before.order };
    it.orders.set(order.key, { record, payload: kept.payload });
    const stock = it.items.get(order.itemId);
    if (stock) {
        const { amount } = before.order;
        stock.reserved -= amount;
        stock[outcome.state === 'COMPLETED' ? 'sold' : 'available'] += amount;
    }
    if (outcome.state === 'FAILED')
        giveBack(it, { ...order, amount: before.order.amount });
    return { kind: 'settled', emitted: false, record };
};
exports.settleOne = settleOne;
/** emitted.lua for one record. */
const emittedOne = (it, key, expiresAtMs) => {
    const kept = it.orders.get(key);
    if (kept && kept.record.state !== 'RESERVED')
        kept.expiresAtMs = expiresAtMs;
};
exports.emittedOne = emittedOne;
const itemOf = (it, itemId) => {
    const known = it.items.get(itemId);
    if (known)
        return known;
    const fresh = { total: 0, available: 0, reserved: 0, sold: 0, unitsMax: null };
    it.items.set(itemId, fresh);
    return fresh;
};
const applyChange = (it, change) => {
    if (change.kind === 'skip' || it.commands.has(change.commandId))
        return;
    it.commands.add(change.commandId);
    const stock = itemOf(it, change.itemId);
    if (change.kind === 'limit') {
        stock.unitsMax = change.unitsMax;
        return;
    }
    stock.total += change.delta;
    stock.available += change.delta;
};
/** adjust.lua. */
const adjustAll = (it, partition, adjustments) => {
    let next = it.adjusted.get(partition) ?? 0;
    for (const { offset, change } of adjustments) {
        if (offset > next)
            return { kind: 'gap', next };
        if (offset < next)
            continue;
        applyChange(it, change);
        next += 1;
        it.adjusted.set(partition, next);
    }
    return { kind: 'applied', next };
};
exports.adjustAll = adjustAll;
/** load_items.lua. */
const loadItems = (it, items, buyers) => {
    for (const { itemId, ...stock } of items)
        it.items.set(itemId, { ...stock });
    for (const buyer of buyers)
        it.buyers.set(buyerOf(buyer), buyer.units);
};
exports.loadItems = loadItems;
/** load_orders.lua for one record. */
const loadOrder = (it, { record, keepForMs }, nowMs) => {
    const key = record.state === 'FAILED' ? record.key : record.order.key;
    const kept = { record, payload: (0, record_1.payloadText)(record.order) };
    it.orders.set(key, keepForMs === undefined ? kept : { ...kept, expiresAtMs: nowMs + keepForMs });
};
exports.loadOrder = loadOrder;
/** audit.lua. */
const auditAll = (it) => [...it.items].map(([itemId, stock]) => ({ itemId, ...stock }));
exports.auditAll = auditAll;
//# sourceMappingURL=memory-scripts.js.map