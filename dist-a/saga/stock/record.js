"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.parseRecord = exports.recordText = exports.parseRefusal = exports.refusalText = exports.payloadText = void 0;
const events_1 = require("../../schemas/events");
const fields_1 = require("../../schemas/fields");
/**
 * An order's record as the text the scripts keep: `state|atMs|user|item|amount|rest`. State is R, C or F; the time has
 * 13 digits until the year 2286; `rest` is the payment id, or the reason, or the reason, a bar and its detail. User and
 * item ids and reasons hold no bar (schemas/fields.ts), so a record reads in one way, and an order's payload can be
 * compared as one piece of text.
 *
 * Releases before refusals had details take all of `rest` as the reason and cannot write the outcome then, so details are
 * recorded only where `REFUSAL_DETAIL` says that no such process is left (docs/how-to/turn-on-refusal-details.md).
 */
/** What two requests of one key must have in common to be the same order. */
const payloadText = (order) => order === undefined ? '||' : `${order.userId}|${order.itemId}|${order.amount}`;
exports.payloadText = payloadText;
/** The end of a refusal's record. */
const refusalText = (reason, detail, recordsDetail) => recordsDetail && detail !== null ? `${reason}|${detail}` : reason;
exports.refusalText = refusalText;
/** A reason of a release still to come is OTHER; a detail that no event may hold must not keep its order from ending. */
const parseRefusal = (text) => {
    const bar = text.indexOf('|');
    const name = (bar === -1 ? text : text.slice(0, bar));
    const reason = events_1.failureReasons.includes(name) ? name : 'OTHER';
    const detail = bar === -1 ? '' : text.slice(bar + 1);
    return { reason, detail: detail !== '' && (0, fields_1.isText)(detail) ? detail : null };
};
exports.parseRefusal = parseRefusal;
/** @param recordsDetail whether every process that reads the record knows details */
const recordText = (record, recordsDetail) => {
    switch (record.state) {
        case 'RESERVED':
            return `R|${record.atMs}|${(0, exports.payloadText)(record.order)}|`;
        case 'COMPLETED':
            return `C|${record.atMs}|${(0, exports.payloadText)(record.order)}|${record.paymentId}`;
        case 'FAILED':
            return `F|${record.atMs}|${(0, exports.payloadText)(record.order)}|${(0, exports.refusalText)(record.reason, record.detail, recordsDetail)}`;
    }
};
exports.recordText = recordText;
const orderOf = (key, [userId = '', itemId = '', amount = '']) => (userId === '' ? undefined : { key, userId, itemId, amount: Number(amount) });
/** @throws TypeError when the text is none of ours: somebody else writes under our keys. */
const parseRecord = (key, text) => {
    const [state = '', at = '', user = '', item = '', amount = '', ...rest] = text.split('|');
    const order = orderOf(key, [user, item, amount]);
    const atMs = Number(at);
    const end = rest.join('|');
    if (state === 'R' && order)
        return { state: 'RESERVED', atMs, order };
    if (state === 'C' && order)
        return { state: 'COMPLETED', atMs, order, paymentId: end };
    if (state === 'F') {
        const { reason, detail } = (0, exports.parseRefusal)(end);
        return { state: 'FAILED', atMs, key, order, reason, detail };
    }
    throw new TypeError(`The record of ${key} cannot be read: ${text.slice(0, 100)}`);
};
exports.parseRecord = parseRecord;
//# sourceMappingURL=record.js.map