"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.fetchRequest = void 0;
const byte_writer_1 = require("./byte-writer");
/** A record is visible when all in-sync replicas have it; this project writes no transactions. */
const readUncommitted = 0;
const noSession = -1;
const nothing = Buffer.alloc(0);
const readInt64 = (bytes, at) => bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
const encode = (places, limits) => {
    const out = new byte_writer_1.ByteWriter(256 + places.length * 64);
    out.int32(-1);
    out.int32(limits.waitMs);
    out.int32(1);
    out.int32(limits.bytesMax);
    out.int8(readUncommitted);
    out.int32(0);
    out.int32(noSession);
    out.int32(places.length);
    for (const { topic, partition, fromOffset } of places) {
        out.shortString(topic);
        out.int32(1);
        out.int32(partition);
        out.int32(-1);
        out.int64(fromOffset);
        out.int64(-1);
        out.int32(limits.partitionBytesMax);
    }
    out.int32(0);
    out.shortString('');
    return out.written();
};
/** Fetch response, version 11. */
const decode = (bytes) => {
    const partitions = [];
    let at = 14;
    for (let topics = bytes.readInt32BE(10); topics > 0; topics -= 1) {
        const nameEnd = at + 2 + bytes.readInt16BE(at);
        const topic = bytes.toString('utf8', at + 2, nameEnd);
        at = nameEnd + 4;
        for (let left = bytes.readInt32BE(nameEnd); left > 0; left -= 1) {
            const abortedCount = Math.max(0, bytes.readInt32BE(at + 30));
            const recordsAt = at + 34 + abortedCount * 16 + 4;
            const size = Math.max(0, bytes.readInt32BE(recordsAt));
            partitions.push({
                topic,
                partition: bytes.readInt32BE(at),
                errorCode: bytes.readInt16BE(at + 4),
                high: readInt64(bytes, at + 6),
                low: readInt64(bytes, at + 22),
                bytes: size === 0 ? nothing : bytes.subarray(recordsAt + 4, recordsAt + 4 + size),
            });
            at = recordsAt + 4 + size;
        }
    }
    return { clientSideThrottleTime: bytes.readInt32BE(0), errorCode: bytes.readInt16BE(4), partitions };
};
/** One fetch request to the leader of all `places`; the broker answers when there is a record or `waitMs` is over. */
const fetchRequest = (places, limits, requestTimeoutMs) => ({
    request: {
        apiKey: 1,
        apiVersion: 11,
        apiName: 'Fetch',
        encode: async () => {
            const buf = encode(places, limits);
            return { buf, buffer: buf };
        },
    },
    response: {
        decode: async (bytes) => decode(bytes),
        parse: async (decoded) => decoded,
    },
    requestTimeout: requestTimeoutMs,
    logResponseError: false,
});
exports.fetchRequest = fetchRequest;
//# sourceMappingURL=fetch-request.js.map