"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.toPostponedRecord = exports.attemptsBefore = exports.wasPostponed = exports.requestedAtMs = void 0;
const topics_1 = require("./topics");
/**
 * An order whose payment is still unknown past its budget, parked in `payment-retries` with its own bytes. The time at
 * which the broker took the original request travels along, because rule R11 counts an order's age from there.
 */
const requestedAtHeader = 'saga-requested-at';
const attemptsHeader = 'saga-attempts';
const countOf = (record, name) => {
    const value = record.headers[name]?.toString();
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
};
/** When the broker appended the original request, milliseconds since 1970. */
const requestedAtMs = (record) => (record.topic === topics_1.topics.paymentRetries.name ? countOf(record, requestedAtHeader) : undefined) ??
    record.appendedAtMs;
exports.requestedAtMs = requestedAtMs;
/** Whether this process' like has put the record there; anything else in the topic is foreign. */
const wasPostponed = (record) => record.topic === topics_1.topics.paymentRetries.name && countOf(record, attemptsHeader) !== undefined;
exports.wasPostponed = wasPostponed;
/** How often the order has been tried before, 0 for a first time. */
const attemptsBefore = (record) => record.topic === topics_1.topics.paymentRetries.name ? (countOf(record, attemptsHeader) ?? 1) : 0;
exports.attemptsBefore = attemptsBefore;
const toPostponedRecord = (record) => ({
    topic: topics_1.topics.paymentRetries.name,
    key: record.key,
    value: record.value,
    headers: Object.assign({}, record.headers, {
        [requestedAtHeader]: String((0, exports.requestedAtMs)(record)),
        [attemptsHeader]: String((0, exports.attemptsBefore)(record) + 1),
    }),
});
exports.toPostponedRecord = toPostponedRecord;
//# sourceMappingURL=postponed-order.js.map