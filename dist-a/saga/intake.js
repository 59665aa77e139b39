"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.takeIn = exports.intakeOf = exports.burialReasons = void 0;
const codec_1 = require("../schemas/codec");
const dead_letter_1 = require("../schemas/dead-letter");
/** Why a record is in the dead-letter topic. */
exports.burialReasons = [...codec_1.poisonReasons, 'KEY_MISMATCH', 'CONFLICT'];
const poison = (record, reason, detail) => ({
    kind: 'poison',
    key: (0, dead_letter_1.usableKey)(record.key),
    order: undefined,
    reason,
    detail,
});
/** What a decoded record is; `unknown-schema` when even the registry cannot tell. */
const intakeOf = (record, decoded) => {
    switch (decoded.kind) {
        case 'poison':
            return poison(record, decoded.reason, decoded.detail);
        case 'unknown-schema':
            return poison(record, 'UNKNOWN_SCHEMA', `schema id ${decoded.schemaId} cannot be learned`);
        case 'event': {
            const { event } = decoded;
            if (event.type !== 'OrderRequested')
                return poison(record, 'FOREIGN_TYPE', event.type);
            const { request_id: key, user_id: userId, item_id: itemId, amount } = event;
            if (record.key?.toString('utf8') !== key)
                return poison(record, 'KEY_MISMATCH', `the event is of "${key}"`);
            return { kind: 'order', key, order: { key, userId, itemId, amount } };
        }
    }
};
exports.intakeOf = intakeOf;
/**
 * What a record of `order-requests` or `payment-retries` is. Waits only for a schema id not met before.
 * @throws InfrastructureError when the registry cannot answer for such an id: no verdict on the record.
 */
const takeIn = async (codec, record) => {
    const topic = record.topic;
    let decoded = codec.decode(topic, record.value);
    if (decoded.kind === 'unknown-schema') {
        await codec.learn(decoded.schemaId);
        decoded = codec.decode(topic, record.value);
    }
    return (0, exports.intakeOf)(record, decoded);
};
exports.takeIn = takeIn;
//# sourceMappingURL=intake.js.map