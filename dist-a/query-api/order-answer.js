"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.answerCannotTell = exports.answerOfAccepted = exports.answerOfRow = exports.bodyOfRow = exports.reasonOf = void 0;
const accepted_order_1 = require("../schemas/accepted-order");
const order_status_1 = require("./order-status");
const instant = (ms) => (ms === null ? null : new Date(ms).toISOString());
const reasonOf = (status) => status.startsWith('FAILED_') ? status.slice('FAILED_'.length) : null;
exports.reasonOf = reasonOf;
/** Made of places in the log alone: the same after a rebuild, and on every replica. */
const etagOf = (row) => {
    const place = (partition, offset) => partition === null || offset === null ? '' : `${partition}.${offset}`;
    return `"${place(row.request_partition, row.request_offset)}-${place(row.outcome_partition, row.outcome_offset)}"`;
};
const withStaleness = (body, { lagMs }) => lagMs === undefined ? body : { ...body, stale: true, lag_ms: lagMs };
const withEtag = (etag, { lagMs }) => lagMs === undefined ? { etag } : {};
const bodyOfRow = (row, buyer) => ({
    request_id: (0, accepted_order_1.requestIdOf)(row.request_id, buyer),
    user_id: row.user_id,
    item_id: row.item_id,
    amount: row.amount,
    status: row.status,
    reason: (0, exports.reasonOf)(row.status),
    correlation_id: row.correlation_id,
    requested_at: instant(row.requested_at),
    updated_at: instant(row.decided_at ?? row.requested_at),
});
exports.bodyOfRow = bodyOfRow;
const pendingAnswer = (pending, etag, staleness) => {
    const body = withStaleness(pending, staleness);
    return { body, text: JSON.stringify(body), ...withEtag(etag, staleness), isLasting: false };
};
/** Thousands who waited for one order are given the same row; it is put into words once. */
const terminalAnswers = new WeakMap();
const terminalAnswer = (row, buyer) => {
    const kept = terminalAnswers.get(row);
    if (kept?.buyer === buyer && kept)
        return kept.answer;
    const body = (0, exports.bodyOfRow)(row, buyer);
    const isLasting = row.request_offset !== null;
    const answer = { body, text: JSON.stringify(body), etag: etagOf(row), isLasting };
    terminalAnswers.set(row, { buyer, answer });
    return answer;
};
/** A terminal state never changes, so it is never stale. */
const answerOfRow = (row, buyer, staleness) => (0, order_status_1.isTerminal)(row) ? terminalAnswer(row, buyer) : pendingAnswer((0, exports.bodyOfRow)(row, buyer), etagOf(row), staleness);
exports.answerOfRow = answerOfRow;
/** The same bytes and tag as the row will give as long as it is PENDING. */
const answerOfAccepted = (accepted, buyer, staleness) => {
    const body = {
        request_id: (0, accepted_order_1.requestIdOf)(accepted.request_id, buyer),
        user_id: accepted.user_id,
        item_id: accepted.item_id,
        amount: accepted.amount,
        status: 'PENDING',
        reason: null,
        correlation_id: accepted.correlation_id,
        requested_at: instant(accepted.requested_at),
        updated_at: instant(accepted.requested_at),
    };
    const etag = etagOf({
        request_partition: accepted.position.partition,
        request_offset: accepted.position.offset,
        outcome_partition: null,
        outcome_offset: null,
    });
    return pendingAnswer(body, etag, staleness);
};
exports.answerOfAccepted = answerOfAccepted;
/** An order that may have been accepted: nothing is known of it but its id. */
const answerCannotTell = (key, buyer, lagMs) => {
    const body = {
        request_id: (0, accepted_order_1.requestIdOf)(key, buyer),
        user_id: buyer ?? null,
        item_id: null,
        amount: null,
        status: 'PENDING',
        reason: null,
        correlation_id: null,
        requested_at: null,
        updated_at: null,
        stale: true,
        lag_ms: lagMs,
    };
    return { body, text: JSON.stringify(body), isLasting: false };
};
exports.answerCannotTell = answerCannotTell;
//# sourceMappingURL=order-answer.js.map