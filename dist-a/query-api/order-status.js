"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.orderAt = exports.isTerminal = exports.nextStep = void 0;
/** What to find out next, or the answer. */
const nextStep = ({ row, accepted, reach }) => {
    if (row === undefined)
        return { kind: 'read-view' };
    if (row !== 'none')
        return { kind: 'answer', answer: { kind: 'known', row } };
    if (accepted === undefined)
        return { kind: 'read-accepted' };
    if (accepted !== 'none' && accepted !== 'unavailable') {
        return { kind: 'answer', answer: { kind: 'accepted', accepted } };
    }
    switch (reach) {
        case undefined:
            return { kind: 'await-view' };
        case 'reached':
            return { kind: 'answer', answer: { kind: 'unknown-order' } };
        case 'not-reached':
        case 'unknown':
            return { kind: 'answer', answer: { kind: 'cannot-tell' } };
    }
};
exports.nextStep = nextStep;
const isTerminal = (row) => row.status !== 'PENDING';
exports.isTerminal = isTerminal;
const undecided = {
    status: 'PENDING',
    decided_at: null,
    outcome_partition: null,
    outcome_offset: null,
    outcome_appended_at: null,
};
/**
 * The order as it was at a time, by the broker's clock, which every event of the log carries: no service's clock has
 * a say in it. `undefined` when it was not there yet.
 */
const orderAt = (row, atMs) => {
    const wasDecided = row.outcome_appended_at !== null && row.outcome_appended_at <= atMs;
    if (wasDecided)
        return row;
    const wasRequested = row.request_appended_at !== null && row.request_appended_at <= atMs;
    return wasRequested ? { ...row, ...undecided } : undefined;
};
exports.orderAt = orderAt;
//# sourceMappingURL=order-status.js.map