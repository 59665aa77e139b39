"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.foldIndependently = void 0;
const written_log_1 = require("./written-log");
const inPartition = (records, topic) => {
    const partitions = new Map();
    const ours = records.filter((record) => record.topic === topic).toSorted((a, b) => a.offset - b.offset);
    for (const record of ours) {
        partitions.set(record.partition, [...(partitions.get(record.partition) ?? []), record]);
    }
    return partitions;
};
const decodeWith = (codec) => (record) => ({
    record,
    ...codec.decode(record.topic, record.value),
});
/** Such an event would be another order's: nobody folds it. */
const isUnderForeignKey = (record, requestId) => record.key?.toString('utf8') !== requestId;
const place = (record) => `${record.topic}:${record.partition}:${record.offset}`;
const readRequests = (records, codec, orders, aside) => {
    for (const partition of inPartition(records, 'order-requests').values()) {
        for (const { record, ...decoded } of partition.map(decodeWith(codec))) {
            if (decoded.kind !== 'event' || decoded.event.type !== 'OrderRequested')
                continue;
            if (isUnderForeignKey(record, decoded.event.request_id))
                continue;
            const { request_id, user_id, item_id, amount } = decoded.event;
            const order = orders.get(request_id) ?? {};
            if (order.request)
                aside.push(place(record));
            else
                orders.set(request_id, { ...order, request: { record, user_id, item_id, amount } });
        }
    }
};
const readOutcomes = (records, codec, orders, aside) => {
    for (const partition of inPartition(records, 'order-outcomes').values()) {
        let fence = -1;
        for (const { record, ...decoded } of partition.map(decodeWith(codec))) {
            if (decoded.kind !== 'event')
                continue;
            const { event } = decoded;
            if (event.type === 'EpochStarted')
                fence = Math.max(fence, event.epoch);
            if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed')
                continue;
            if (isUnderForeignKey(record, event.request_id))
                continue;
            if (event.epoch < fence) {
                aside.push(`${place(record)} void`);
                continue;
            }
            const order = orders.get(event.request_id) ?? {};
            const status = event.type === 'OrderCompleted' ? 'COMPLETED' : `FAILED_${event.reason}`;
            const { user_id, item_id, amount } = event;
            if (order.outcome)
                aside.push(place(record));
            else
                orders.set(event.request_id, { ...order, outcome: { record, status, user_id, item_id, amount } });
        }
    }
};
const countItems = (orders) => {
    const items = {};
    const item = (id) => (items[id] ??= { pending: 0, sold: 0, pending_orders: 0, completed_orders: 0, failed_orders: 0 });
    for (const { request, outcome } of orders) {
        if (request && !outcome) {
            item(request.item_id).pending += request.amount;
            item(request.item_id).pending_orders += 1;
        }
        if (!outcome?.item_id)
            continue;
        if (outcome.status === 'COMPLETED') {
            item(outcome.item_id).sold += outcome.amount ?? 0;
            item(outcome.item_id).completed_orders += 1;
        }
        else
            item(outcome.item_id).failed_orders += 1;
    }
    return items;
};
const expectedOf = ({ request, outcome }) => {
    const { user_id, item_id, amount } = request ?? outcome ?? { user_id: null, item_id: null, amount: null };
    return {
        status: outcome?.status ?? 'PENDING',
        user_id,
        item_id,
        amount,
        request_offset: request?.record.offset ?? null,
        outcome_offset: outcome?.record.offset ?? null,
    };
};
/** @param codec of the registry that the records were written with */
const foldIndependently = (records, codec = written_log_1.testCodec) => {
    const orders = new Map();
    const aside = [];
    readRequests(records, codec, orders, aside);
    readOutcomes(records, codec, orders, aside);
    return {
        orders: Object.fromEntries([...orders].map(([id, order]) => [id, expectedOf(order)])),
        items: countItems(orders.values()),
        setAside: aside.toSorted(),
    };
};
exports.foldIndependently = foldIndependently;
//# sourceMappingURL=independent-fold.js.map