"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.encodeFramed = exports.decodeBody = exports.schemaIdIn = exports.poison = exports.faultIn = void 0;
const today_1 = require("./today");
/** Confluent framing: byte 0, then the id of the writer's schema as int32 big-endian, then the Avro body. */
const magicByte = 0;
const headerBytes = 5;
const rulesOf = Object.fromEntries(Object.entries(today_1.rules).map(([eventType, byField]) => [
    eventType,
    Object.entries(byField).map(([field, [isValid, wanted]]) => [field, isValid, wanted]),
]));
/** Which field cannot be trusted, and what it should have been; `undefined` when all can. */
const faultIn = (event) => {
    const members = event;
    for (const [field, isValid, wanted] of rulesOf[event.type]) {
        if (!isValid(members[field]))
            return `${event.type}.${field} must be ${wanted}`;
    }
    return undefined;
};
exports.faultIn = faultIn;
const poison = (reason, detail) => ({ kind: 'poison', reason, detail });
exports.poison = poison;
/** The schema id of a framed value; `undefined` when it is not framed. Negative ids do not exist. */
const schemaIdIn = (value) => {
    if (value.length < headerBytes || value[0] !== magicByte)
        return undefined;
    const id = value.readInt32BE(1);
    return id < 0 ? undefined : id;
};
exports.schemaIdIn = schemaIdIn;
const explain = (error) => (error instanceof Error ? error.message : String(error)).slice(0, 300);
/** Reads the body of a framed value with the reader of its schema. Total. */
const decodeBody = (value, schemaId, reader) => {
    let raw;
    try {
        const decoded = reader.type.decode(value, headerBytes, reader.resolver);
        if (decoded.offset !== value.length) {
            return (0, exports.poison)('UNDECODABLE', decoded.offset < 0 ? 'the body ends too early' : `${value.length - decoded.offset} bytes too many`);
        }
        raw = decoded.value;
    }
    catch (error) {
        return (0, exports.poison)('UNDECODABLE', explain(error));
    }
    const event = today_1.toToday[reader.eventType](raw);
    const fault = (0, exports.faultIn)(event);
    return fault === undefined ? { kind: 'event', event, schemaId } : (0, exports.poison)('INVALID_FIELD', fault);
};
exports.decodeBody = decodeBody;
/** Bodies are a few hundred bytes; a larger one is encoded into a buffer of its own. */
const scratch = Buffer.allocUnsafeSlow(4096);
/**
 * Frames and encodes with the newest schema.
 * @throws TypeError when a field breaks its rule: what no reader would trust is not written.
 */
const encodeFramed = (type, schemaId, event) => {
    const fault = (0, exports.faultIn)(event);
    if (fault !== undefined)
        throw new TypeError(fault);
    let target = scratch;
    let end = type.encode(event, target, headerBytes);
    if (end < 0) {
        target = Buffer.allocUnsafe(target.length - end);
        end = type.encode(event, target, headerBytes);
    }
    target[0] = magicByte;
    target.writeInt32BE(schemaId, 1);
    return target === scratch ? Buffer.from(scratch.subarray(0, end)) : target;
};
exports.encodeFramed = encodeFramed;
//# sourceMappingURL=record-codec.js.map