"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.seenAfter = exports.unseen = exports.parseSeen = exports.formatSeen = exports.nothingSeen = exports.timelineOf = void 0;
const topics_1 = require("../schemas/topics");
const order_answer_1 = require("./order-answer");
const instant = (ms) => new Date(ms).toISOString();
const nothingMore = { sales_channel: null, payment_id: null, detail: null, epoch: null };
const requestOf = (row) => {
    if (row.request_offset === null || row.request_partition === null)
        return undefined;
    const appendedAtMs = row.request_appended_at ?? 0;
    return {
        ...nothingMore,
        type: 'OrderRequested',
        event_id: row.request_event_id ?? '',
        at: instant(row.requested_at ?? 0),
        appended_at: instant(appendedAtMs),
        appendedAtMs,
        topic: topics_1.topics.orderRequests.name,
        partition: row.request_partition,
        offset: row.request_offset,
        correlation_id: row.correlation_id,
        causation_id: row.request_causation_id ?? '',
        effect: 'applied',
        status: 'PENDING',
        reason: null,
        user_id: row.user_id,
        item_id: row.item_id,
        amount: row.amount,
        sales_channel: row.sales_channel,
    };
};
const outcomeOf = (row) => {
    if (row.outcome_offset === null || row.outcome_partition === null)
        return undefined;
    const appendedAtMs = row.outcome_appended_at ?? 0;
    return {
        ...nothingMore,
        type: row.status === 'COMPLETED' ? 'OrderCompleted' : 'OrderFailed',
        event_id: row.outcome_event_id ?? '',
        at: instant(row.decided_at ?? 0),
        appended_at: instant(appendedAtMs),
        appendedAtMs,
        topic: topics_1.topics.orderOutcomes.name,
        partition: row.outcome_partition,
        offset: row.outcome_offset,
        correlation_id: row.correlation_id,
        causation_id: row.outcome_causation_id ?? '',
        effect: 'applied',
        status: row.status,
        reason: (0, order_answer_1.reasonOf)(row.status),
        detail: row.detail,
        user_id: row.user_id,
        item_id: row.item_id,
        amount: row.amount,
        epoch: row.epoch,
        payment_id: row.payment_id,
    };
};
const effectOf = (event, row) => {
    if (event.is_void)
        return 'void';
    const isSame = event.event_type === 'OrderRequested'
        ? event.user_id === row?.user_id && event.item_id === row.item_id && event.amount === row.amount
        : event.status === row?.status;
    return isSame ? 'duplicate' : 'conflict';
};
const asideOf = (event, row) => ({
    ...nothingMore,
    type: event.event_type,
    event_id: event.event_id,
    at: instant(event.happened_at),
    appended_at: instant(event.appended_at),
    appendedAtMs: event.appended_at,
    topic: event.topic,
    partition: event.partition,
    offset: event.offset,
    correlation_id: event.correlation_id,
    causation_id: event.causation_id,
    effect: effectOf(event, row),
    status: event.status,
    reason: (0, order_answer_1.reasonOf)(event.status),
    user_id: event.user_id,
    item_id: event.item_id,
    amount: event.amount,
    epoch: event.epoch,
});
/** By the broker's time; what it wrote in one millisecond, requests first, then by place. */
const inOrder = (a, b) => a.appendedAtMs - b.appendedAtMs ||
    Number(a.type !== 'OrderRequested') - Number(b.type !== 'OrderRequested') ||
    a.partition - b.partition ||
    a.offset - b.offset;
/** All that the log says of an order, oldest first, also what changed nothing. */
const timelineOf = (row, setAside) => {
    const standing = row === undefined ? [] : [requestOf(row), outcomeOf(row)];
    return [...standing.filter((entry) => entry !== undefined), ...setAside.map((event) => asideOf(event, row))]
        .sort(inOrder)
        .map(({ appendedAtMs: _, ...entry }, index) => ({ seq: index + 1, ...entry }));
};
exports.timelineOf = timelineOf;
exports.nothingSeen = { request: -1, outcome: -1 };
const formatSeen = ({ request, outcome }) => `${request}/${outcome}`;
exports.formatSeen = formatSeen;
const parseSeen = (text) => {
    const match = /^(-1|\d{1,15})\/(-1|\d{1,15})$/.exec(text ?? '');
    return match ? { request: Number(match[1]), outcome: Number(match[2]) } : exports.nothingSeen;
};
exports.parseSeen = parseSeen;
const isRequest = (entry) => entry.type === 'OrderRequested';
/** What a reader has not seen. Each topic shows an order's events in the order of their offsets, so two numbers tell. */
const unseen = (timeline, seen) => timeline.filter((entry) => entry.offset > (isRequest(entry) ? seen.request : seen.outcome));
exports.unseen = unseen;
const seenAfter = (seen, entry) => isRequest(entry)
    ? { ...seen, request: Math.max(seen.request, entry.offset) }
    : { ...seen, outcome: Math.max(seen.outcome, entry.offset) };
exports.seenAfter = seenAfter;
//# sourceMappingURL=order-timeline.js.map