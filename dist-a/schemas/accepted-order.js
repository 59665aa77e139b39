"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.acceptedAnswerIn = exports.acceptedOrderKey = exports.requestIdOf = exports.orderKey = void 0;
/**
 * The identity of an order in the log and in every view. Without authentication it is the client's request_id. With
 * it, two buyers may choose the same request_id, so the identity is scoped: `<buyer>:<request_id>`. A buyer's id
 * holds no colon (`A-Za-z0-9_-`), so the two forms of one deployment never meet.
 */
const orderKey = (requestId, buyer) => buyer === undefined ? requestId : `${buyer}:${requestId}`;
exports.orderKey = orderKey;
/** The client's own request_id of an order key: what answers show. */
const requestIdOf = (key, buyer) => buyer !== undefined && key.startsWith(`${buyer}:`) ? key.slice(buyer.length + 1) : key;
exports.requestIdOf = requestIdOf;
/** Redis key of the record: the text that `acceptedAnswerIn` reads. */
const acceptedOrderKey = (saleId, key) => `{${saleId}}:answer:${key}`;
exports.acceptedOrderKey = acceptedOrderKey;
/**
 * The first answer as JSON in a record's text: what was asked for, a line break, the answer. Undefined while the
 * command is only claimed: no answer follows then, but `#` and the claim's own mark.
 */
const acceptedAnswerIn = (record) => {
    const at = record.indexOf('\n{');
    return at === -1 ? undefined : record.slice(at + 1);
};
exports.acceptedAnswerIn = acceptedAnswerIn;
//# sourceMappingURL=accepted-order.js.map