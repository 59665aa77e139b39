"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readMetadata = exports.traceparentIn = exports.toHeaders = exports.isTraceparent = exports.isHeaderText = void 0;
const history_1 = require("./history");
/** CloudEvents sets no limit; this one keeps a hostile header out of logs, rows and answers. */
const headerCharactersMax = 256;
const controlCharacter = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const traceContext = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** Whether a text may be an id or a source in a header: 1 to 256 characters, none of them a control character. */
const isHeaderText = (text) => text.length > 0 && text.length <= headerCharactersMax && !controlCharacter.test(text);
exports.isHeaderText = isHeaderText;
const isTraceparent = (text) => traceContext.test(text);
exports.isTraceparent = isTraceparent;
const checked = (name, text) => {
    if ((0, exports.isHeaderText)(text))
        return text;
    throw new RangeError(`${name} must have 1 to ${headerCharactersMax} characters and no control character.`);
};
/**
 * The headers of a record that carries an event. A traceparent that is none is left out: a broken trace must not
 * cost an order.
 * @throws RangeError when an id or the source is empty, too long or holds control characters: check with
 * `isHeaderText` where text comes from outside.
 */
const toHeaders = (eventType, metadata) => {
    const headers = {
        ce_specversion: '1.0',
        ce_id: checked('event_id', metadata.event_id),
        ce_type: (0, history_1.fullName)(eventType),
        ce_source: checked('source', metadata.source),
        ce_correlationid: checked('correlation_id', metadata.correlation_id),
        ce_causationid: checked('causation_id', metadata.causation_id),
        'content-type': 'application/avro',
    };
    if (metadata.traceparent !== undefined && (0, exports.isTraceparent)(metadata.traceparent)) {
        headers.traceparent = metadata.traceparent;
    }
    return headers;
};
exports.toHeaders = toHeaders;
/** The widest code point takes 4 bytes; beyond that a value is too long without looking at it. */
const headerBytesMax = headerCharactersMax * 4;
const textOf = (value) => {
    if (typeof value === 'string')
        return (0, exports.isHeaderText)(value) ? value : undefined;
    if (!Buffer.isBuffer(value) || value.length > headerBytesMax)
        return undefined;
    const text = value.toString('utf8');
    return (0, exports.isHeaderText)(text) ? text : undefined;
};
/** The trace that a record belongs to, when it says so. */
const traceparentIn = (headers) => {
    const text = textOf(headers.traceparent);
    return text !== undefined && (0, exports.isTraceparent)(text) ? text : undefined;
};
exports.traceparentIn = traceparentIn;
/**
 * Reads the metadata of any record, also of one that a foreign producer wrote without headers. Total: never throws.
 * Without a usable id, an event is known by its place in the log; without a usable correlation id, by its key.
 */
const readMetadata = (record) => {
    const { headers } = record;
    const eventId = textOf(headers.ce_id) ?? `${record.topic}:${record.partition}:${record.offset}`;
    const correlationId = textOf(headers.ce_correlationid) ?? textOf(record.key) ?? eventId;
    const traceparent = (0, exports.traceparentIn)(headers);
    return {
        event_id: eventId,
        correlation_id: correlationId,
        causation_id: textOf(headers.ce_causationid) ?? correlationId,
        source: textOf(headers.ce_source) ?? 'unknown',
        ...(traceparent === undefined ? {} : { traceparent }),
    };
};
exports.readMetadata = readMetadata;
//# sourceMappingURL=headers.js.map