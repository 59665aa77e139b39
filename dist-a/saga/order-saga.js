"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.afterSettlement = exports.afterCharge = exports.afterDecision = exports.outcomeEvent = exports.epochsToCancel = exports.paymentKeyOf = void 0;
/** Rule R8: a charge belongs to the epoch that decided it, so that a later epoch can cancel it and charge anew. */
const paymentKeyOf = (key, epoch) => `${key}:${epoch}`;
exports.paymentKeyOf = paymentKeyOf;
/**
 * Brokers' clocks may differ by this much; an epoch is taken as ended before a request was appended only when its
 * successor's marker is older than the request by more.
 */
const brokerSkewMs = 10_000;
/**
 * Rule R8: the earlier epochs in which this request may have been charged. An epoch could decide nothing once its
 * successor's marker was written (the store is closed before that), so whatever ended before the request was appended
 * cannot have seen it. Usually none. One that never opened is among them: the log tells of no opening. Oldest first.
 */
const epochsToCancel = (generation, appendedAtMs) => {
    const started = generation.startedEpochs.filter(({ startedAtMs }) => startedAtMs + brokerSkewMs <= appendedAtMs);
    const first = started.reduce((newest, { epoch }) => Math.max(newest, epoch), -1);
    if (first >= generation.epoch)
        return [];
    return generation.startedEpochs
        .map(({ epoch }) => epoch)
        .filter((epoch) => epoch >= first && epoch < generation.epoch)
        .sort((a, b) => a - b);
};
exports.epochsToCancel = epochsToCancel;
/** The terminal event of a record; its content comes from the record alone, so that repeats are the same bytes. */
const outcomeEvent = (record, epoch) => {
    switch (record.state) {
        case 'COMPLETED':
            return {
                type: 'OrderCompleted',
                request_id: record.order.key,
                user_id: record.order.userId,
                item_id: record.order.itemId,
                amount: record.order.amount,
                epoch,
                payment_id: record.paymentId,
                completed_at: record.atMs,
            };
        case 'FAILED':
            return {
                type: 'OrderFailed',
                request_id: record.key,
                user_id: record.order?.userId ?? null,
                item_id: record.order?.itemId ?? null,
                amount: record.order?.amount ?? null,
                epoch,
                reason: record.reason,
                failed_at: record.atMs,
                detail: record.detail,
            };
    }
};
exports.outcomeEvent = outcomeEvent;
const keysToCancel = (generation, record, appendedAtMs) => {
    if (record.state === 'COMPLETED')
        return [];
    const earlier = (0, exports.epochsToCancel)(generation, appendedAtMs);
    /** Only a refusal for want of payment follows a charge in this epoch, or one for a reason that a newer release knows. */
    const mayBeCharged = record.reason === 'PAYMENT' || record.reason === 'OTHER';
    const epochs = mayBeCharged ? [...earlier, generation.epoch] : earlier;
    return epochs.map((epoch) => (0, exports.paymentKeyOf)(record.key, epoch));
};
const emissionOf = (generation, record, appendedAtMs) => ({
    key: record.state === 'COMPLETED' ? record.order.key : record.key,
    event: (0, exports.outcomeEvent)(record, generation.epoch),
    cancelFirst: keysToCancel(generation, record, appendedAtMs),
});
/** What to do with a request (absent: poison) after the store has answered. */
const afterDecision = (generation, decision, order, appendedAtMs) => {
    switch (decision.kind) {
        case 'unsure':
            return { step: 'look-up-in-log' };
        case 'unknown-item':
            return { step: 'wait-for-stock' };
        case 'conflict':
            return { step: 'bury-conflict' };
        case 'decided':
            if (decision.emitted)
                return { step: 'done' };
            if (decision.record.state !== 'RESERVED') {
                return { step: 'emit', emission: emissionOf(generation, decision.record, appendedAtMs) };
            }
            /** Poison under the key of an order in progress: the order's own record carries it on. */
            if (order === undefined)
                return { step: 'done' };
            return {
                step: 'charge',
                paymentKey: (0, exports.paymentKeyOf)(order.key, generation.epoch),
                cancelFirst: (0, exports.epochsToCancel)(generation, appendedAtMs).map((epoch) => (0, exports.paymentKeyOf)(order.key, epoch)),
            };
    }
};
exports.afterDecision = afterDecision;
const notPaid = (detail) => ({
    step: 'settle',
    outcome: { state: 'FAILED', reason: 'PAYMENT', detail },
});
/**
 * `cancelled` means that this epoch's key will never be charged: settling it as failed is right whoever cancelled it,
 * because the settlement is refused when the order has moved on or the epoch is over.
 */
const afterCharge = (charge) => {
    switch (charge.kind) {
        case 'approved':
            return { step: 'settle', outcome: { state: 'COMPLETED', paymentId: charge.paymentId } };
        case 'declined':
            return notPaid(charge.code === null ? null : `declined: ${charge.code}`);
        case 'cancelled':
            return notPaid(null);
        case 'unknown':
            return { step: 'postpone' };
    }
};
exports.afterCharge = afterCharge;
const afterSettlement = (generation, settled, appendedAtMs) => {
    switch (settled.kind) {
        case 'missing':
            return { step: 'start-again' };
        case 'settled':
            if (settled.emitted)
                return { step: 'done' };
            if (settled.record.state === 'RESERVED')
                return { step: 'start-again' };
            return { step: 'emit', emission: emissionOf(generation, settled.record, appendedAtMs) };
    }
};
exports.afterSettlement = afterSettlement;
//# sourceMappingURL=order-saga.js.map