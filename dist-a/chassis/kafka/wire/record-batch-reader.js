"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readRecordBatches = exports.RecordFormatError = void 0;
const node_zlib_1 = require("node:zlib");
const crc32c_1 = require("./crc32c");
/** Bytes that cannot be what a broker wrote, or a format this reader does not know. Reading on would skip records. */
class RecordFormatError extends Error {
    name = 'RecordFormatError';
}
exports.RecordFormatError = RecordFormatError;
const batchHeaderBytes = 61;
const codecMask = 0x07;
const appendTimeFlag = 0x08;
const controlFlag = 0x20;
const readInt64 = (bytes, at) => bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
const readVarint = (cursor) => {
    let shift = 0;
    let result = 0;
    for (;;) {
        const byte = cursor.bytes[cursor.at];
        cursor.at += 1;
        if (byte === undefined)
            throw new RecordFormatError('a record ends in the middle of a number');
        result |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return (result >>> 1) ^ -(result & 1);
        shift += 7;
    }
};
/** A timestamp delta may need more than 32 bits; it is read with arithmetic instead of bit operations. */
const readVarlong = (cursor) => {
    let factor = 1;
    let result = 0;
    for (;;) {
        const byte = cursor.bytes[cursor.at];
        cursor.at += 1;
        if (byte === undefined)
            throw new RecordFormatError('a record ends in the middle of a number');
        result += (byte & 0x7f) * factor;
        if (byte < 0x80)
            return result % 2 === 0 ? result / 2 : -(result + 1) / 2;
        factor *= 128;
    }
};
const readVarBytes = (cursor) => {
    const length = readVarint(cursor);
    if (length < 0)
        return null;
    const start = cursor.at;
    cursor.at += length;
    if (cursor.at > cursor.bytes.length)
        throw new RecordFormatError('a record is longer than its batch');
    return cursor.bytes.subarray(start, cursor.at);
};
const isNextName = (cursor, known) => {
    for (let index = 0; index < known.length; index += 1) {
        if (cursor.bytes[cursor.at + index] !== known[index])
            return false;
    }
    return true;
};
/** Turning a name into text costs more than comparing it with the name at the same place in the record before. */
const readName = (cursor, place) => {
    const known = cursor.names[place];
    if (known !== undefined && isNextName(cursor, known.bytes)) {
        cursor.at += known.bytes.length;
        return known.text;
    }
    const start = cursor.at;
    const text = readVarBytes(cursor)?.toString('utf8') ?? '';
    cursor.names[place] = { text, bytes: cursor.bytes.subarray(start, cursor.at) };
    return text;
};
const readHeaders = (cursor) => {
    const headers = {};
    const count = readVarint(cursor);
    for (let place = 0; place < count; place += 1) {
        const name = readName(cursor, place);
        const value = readVarBytes(cursor) ?? undefined;
        if (name === '__proto__') {
            Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
        }
        else {
            headers[name] = value;
        }
    }
    return headers;
};
const noHeaders = Object.freeze({});
const readRecord = (cursor, batch) => {
    const length = readVarint(cursor);
    const end = cursor.at + length;
    cursor.at += 1;
    const timestampDelta = readVarlong(cursor);
    const offsetDelta = readVarint(cursor);
    const key = readVarBytes(cursor);
    const value = readVarBytes(cursor);
    const headers = batch.withHeaders ? readHeaders(cursor) : noHeaders;
    if (!batch.withHeaders)
        cursor.at = end;
    if (cursor.at !== end)
        throw new RecordFormatError('a record is not as long as it says');
    return {
        topic: batch.topic,
        partition: batch.partition,
        offset: batch.baseOffset + offsetDelta,
        key,
        value,
        headers,
        appendedAtMs: batch.appendedAtMs ?? batch.baseTimestampMs + timestampDelta,
    };
};
const unpack = (codec, bytes) => {
    if (codec === 0)
        return bytes;
    if (codec === 1)
        return (0, node_zlib_1.gunzipSync)(bytes);
    const name = { 2: 'snappy', 3: 'lz4', 4: 'zstd' }[codec] ?? String(codec);
    throw new RecordFormatError(`a batch is compressed with ${name}; set compression.type=uncompressed on the topic, then brokers unpack it`);
};
/** Appends the records of the batch at `at` to `into.records`; returns where the next batch begins. */
const readBatch = (bytes, at, place, into) => {
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > bytes.length)
        return bytes.length;
    const magic = bytes[at + 16];
    if (magic !== 2)
        throw new RecordFormatError(`record format ${magic} instead of 2`);
    if ((0, crc32c_1.crc32c)(bytes, at + 21, end) !== bytes.readUInt32BE(at + 17)) {
        throw new RecordFormatError('the checksum of a record batch is wrong');
    }
    const attributes = bytes.readInt16BE(at + 21);
    const header = {
        topic: place.topic,
        partition: place.partition,
        baseOffset: readInt64(bytes, at),
        baseTimestampMs: readInt64(bytes, at + 27),
        withHeaders: into.withHeaders,
        appendedAtMs: (attributes & appendTimeFlag) === 0 ? undefined : readInt64(bytes, at + 35),
    };
    into.nextOffset = Math.max(into.nextOffset, header.baseOffset + bytes.readInt32BE(at + 23) + 1);
    const isControl = (attributes & controlFlag) !== 0;
    const packed = bytes.subarray(at + batchHeaderBytes, end);
    const cursor = { bytes: unpack(attributes & codecMask, packed), at: 0, names: [] };
    for (let left = bytes.readInt32BE(at + 57); left > 0; left -= 1) {
        const record = readRecord(cursor, header);
        if (record.offset < place.fromOffset)
            continue;
        into.records.push(isControl ? { ...record, key: null, value: null } : record);
    }
    return end;
};
/**
 * The records in the bytes that a fetch returned for one partition, from `fromOffset` on, oldest first. Brokers cut
 * the answer at a size, so an incomplete last batch is left out. The marker of a transaction is a record without key
 * and value: these topics have no transactions, so one is a stranger's, and left out it could not be told from a lost
 * record. Keys, values and headers are views on `bytes`; without `withHeaders` no record has headers.
 * Throws RecordFormatError.
 */
const readRecordBatches = (bytes, place, withHeaders = true) => {
    const into = { records: [], nextOffset: place.fromOffset, withHeaders };
    let at = 0;
    while (at + batchHeaderBytes <= bytes.length)
        at = readBatch(bytes, at, place, into);
    const { records, nextOffset } = into;
    return { records, nextOffset };
};
exports.readRecordBatches = readRecordBatches;
//# sourceMappingURL=record-batch-reader.js.map