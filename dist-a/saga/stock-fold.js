"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.StockFold = exports.overLimitDetail = exports.soldOutDetail = exports.recordOf = exports.isVoid = void 0;
/** Rule R5: outcomes of an older epoch than the newest marker before them in their partition are void. */
const isVoid = (outcome, newestMarker) => outcome.epoch < newestMarker;
exports.isVoid = isVoid;
const recordOf = (event) => {
    if (event.type === 'OrderCompleted') {
        const { request_id, user_id, item_id, amount } = event;
        const order = { key: request_id, userId: user_id, itemId: item_id, amount };
        return { state: 'COMPLETED', atMs: event.completed_at, order, paymentId: event.payment_id };
    }
    const { request_id, user_id, item_id, amount } = event;
    const order = user_id === null || item_id === null || amount === null
        ? undefined
        : { key: request_id, userId: user_id, itemId: item_id, amount };
    const { failed_at: atMs, reason, detail } = event;
    return { state: 'FAILED', atMs, key: request_id, order, reason, detail };
};
exports.recordOf = recordOf;
/** `left` is below 0 when units were taken out that were sold already; then nothing is left. */
const soldOutDetail = (amount, left) => `asked for ${amount}, ${Math.max(left, 0)} left`;
exports.soldOutDetail = soldOutDetail;
const overLimitDetail = (amount, held, unitsMax) => `asked for ${amount}, holds ${held} of at most ${unitsMax}`;
exports.overLimitDetail = overLimitDetail;
const addUnits = ({ buyers }, { userId, amount }) => {
    buyers.set(userId, (buyers.get(userId) ?? 0) + amount);
};
/** Fed with each partition's records in their order; partitions may be mixed. */
class StockFold {
    itemCounts = new Map();
    commands = new Set();
    partitions = new Map();
    epochs = new Map();
    unresolvedVoids = new Set();
    waiting = new Set();
    voidEvents = 0;
    oldestAtMs;
    outcome(partition, event, appendedAtMs) {
        const fold = this.partition(partition);
        if (event.type === 'EpochStarted') {
            fold.newestMarker = Math.max(fold.newestMarker, event.epoch);
            this.epochs.set(event.epoch, Math.min(this.epochs.get(event.epoch) ?? appendedAtMs, appendedAtMs));
            return { kind: 'marker' };
        }
        if ((0, exports.isVoid)(event, fold.newestMarker)) {
            this.voidEvents += 1;
            if (!fold.decided.has(event.request_id))
                this.unresolvedVoids.add(event.request_id);
            return { kind: 'void' };
        }
        if (fold.decided.has(event.request_id))
            return { kind: 'repeat' };
        fold.decided.add(event.request_id);
        if (this.unresolvedVoids.size > 0)
            this.unresolvedVoids.delete(event.request_id);
        this.oldestAtMs = Math.min(this.oldestAtMs ?? appendedAtMs, appendedAtMs);
        const record = (0, exports.recordOf)(event);
        this.countSold(record);
        return { kind: 'first', record };
    }
    /** Of commands that took effect: a repeat of one, or one that was overtaken, is not for this fold. */
    adjustment(event) {
        this.commands.add(event.command_id);
        const item = this.item(event.item_id);
        if (event.type === 'StockAdjusted')
            item.total += event.delta;
        else
            item.unitsMax = event.units_max;
    }
    /**
     * What an order that waits in payment-retries is in the new generation, when the log has no outcome of it: it keeps
     * its place, so that no later order takes its units and no later record under its key overtakes it. Call it after
     * all outcomes and adjustments, in the order of the topic; undefined when there is nothing to keep.
     */
    postponed({ key, order, isOffSale }, atMs) {
        if (this.waiting.has(key) || this.isDecided(key))
            return undefined;
        if (!order) {
            this.waiting.add(key);
            return { state: 'FAILED', atMs, key, order, reason: 'UNPROCESSABLE', detail: null };
        }
        if (isOffSale) {
            this.waiting.add(key);
            return { state: 'FAILED', atMs, key, order, reason: 'SALE_CLOSED', detail: null };
        }
        this.waiting.add(key);
        const refusal = this.refusal(this.itemCounts.get(order.itemId), order);
        if (refusal)
            return { state: 'FAILED', atMs, key, order, ...refusal };
        const item = this.item(order.itemId);
        item.reserved += order.amount;
        addUnits(item, order);
        return { state: 'RESERVED', atMs, order };
    }
    items() {
        return [...this.itemCounts].map(([itemId, { total, reserved, sold, unitsMax }]) => ({
            itemId,
            total,
            available: total - sold - reserved,
            reserved,
            sold,
            unitsMax,
        }));
    }
    buyers() {
        return [...this.itemCounts].flatMap(([itemId, { buyers }]) => Array.from(buyers, ([userId, units]) => ({ itemId, userId, units })));
    }
    commandIds() {
        return [...this.commands];
    }
    /** Every epoch with a marker, with the broker time of its first one. */
    startedEpochs() {
        return [...this.epochs].map(([epoch, startedAtMs]) => ({ epoch, startedAtMs }));
    }
    /** Broker time of the oldest valid outcome; undefined when there is none. */
    oldestOutcomeAtMs() {
        return this.oldestAtMs;
    }
    /** Void outcomes met, and how many orders have nothing but void ones so far. */
    voids() {
        return { events: this.voidEvents, unresolved: this.unresolvedVoids.size };
    }
    item(itemId) {
        const known = this.itemCounts.get(itemId);
        if (known)
            return known;
        const fresh = { total: 0, reserved: 0, sold: 0, unitsMax: null, buyers: new Map() };
        this.itemCounts.set(itemId, fresh);
        return fresh;
    }
    partition(partition) {
        const known = this.partitions.get(partition);
        if (known)
            return known;
        const fresh = { newestMarker: -1, decided: new Set() };
        this.partitions.set(partition, fresh);
        return fresh;
    }
    /** As the store decides: limit before stock. The record may be of an order that another epoch never reserved. */
    refusal(item, order) {
        const { amount } = order;
        // Only a refusal waits for an item without stock, until an earlier epoch's charge is cancelled for certain.
        if (!item)
            return { reason: 'UNKNOWN_ITEM', detail: null };
        const units = item.buyers.get(order.userId) ?? 0;
        if (item.unitsMax !== null && units + amount > item.unitsMax) {
            return { reason: 'LIMIT_EXCEEDED', detail: (0, exports.overLimitDetail)(amount, units, item.unitsMax) };
        }
        const left = item.total - item.sold - item.reserved;
        return left < amount ? { reason: 'SOLD_OUT', detail: (0, exports.soldOutDetail)(amount, left) } : undefined;
    }
    isDecided(key) {
        return [...this.partitions.values()].some(({ decided }) => decided.has(key));
    }
    countSold(record) {
        if (record.state !== 'COMPLETED')
            return;
        const item = this.item(record.order.itemId);
        item.sold += record.order.amount;
        addUnits(item, record.order);
    }
}
exports.StockFold = StockFold;
//# sourceMappingURL=stock-fold.js.map