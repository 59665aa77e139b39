"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.writeRecordBatch = exports.estimateBytes = exports.batchOverheadBytes = void 0;
const crc32c_1 = require("./crc32c");
/**
 * Fixed bytes of a record batch of format 2, the only one Kafka 4 accepts:
 * base offset 8, length 4, leader epoch 4, magic 1, checksum 4, attributes 2, last offset delta 4,
 * two timestamps 16, producer id 8, producer epoch 2, sequence 4, record count 4.
 */
exports.batchOverheadBytes = 61;
/** Length, attributes, two deltas, three lengths and a header count: an upper bound for one record without content. */
const recordOverheadBytes = 21;
const headerOverheadBytes = 6;
const checksumAt = 17;
const attributesAt = 21;
/** An estimate that is exact for ASCII text and never far off: it bounds queues and batches, nothing else. */
const estimateBytes = (record) => {
    let bytes = recordOverheadBytes + (record.key?.length ?? 0) + (record.value?.length ?? 0);
    for (const name in record.headers) {
        bytes += headerOverheadBytes + name.length + (record.headers[name]?.length ?? 0);
    }
    return bytes;
};
exports.estimateBytes = estimateBytes;
const writeHeaders = (out, headers) => {
    let count = 0;
    for (const name in headers)
        if (headers[name] !== undefined)
            count += 1;
    out.varint(count);
    for (const name in headers) {
        const value = headers[name];
        if (value === undefined)
            continue;
        out.varBytes(name);
        out.varBytes(value);
    }
};
const writeRecord = (out, record, offsetDelta) => {
    out.int8(0);
    out.varint(0);
    out.varint(offsetDelta);
    out.varBytes(record.key);
    out.varBytes(record.value);
    writeHeaders(out, record.headers);
};
/**
 * Appends one record batch, uncompressed, without producer id or sequence (not idempotent), all records with
 * the timestamp `timestampMs`; topics with `message.timestamp.type=LogAppendTime` replace it by the broker's clock.
 */
const writeRecordBatch = (out, records, timestampMs) => {
    const start = out.length;
    out.int64(0);
    out.int32(0);
    out.int32(-1);
    out.int8(2);
    out.int32(0);
    out.int16(0);
    out.int32(records.length - 1);
    out.int64(timestampMs);
    out.int64(timestampMs);
    out.int64(-1);
    out.int16(-1);
    out.int32(-1);
    out.int32(records.length);
    records.forEach((record, offsetDelta) => {
        out.varSized(() => writeRecord(out, record, offsetDelta));
    });
    out.patchInt32(out.length - start - 12, start + 8);
    out.patchUint32((0, crc32c_1.crc32c)(out.written(), start + attributesAt, out.length), start + checksumAt);
};
exports.writeRecordBatch = writeRecordBatch;
//# sourceMappingURL=record-batch-writer.js.map