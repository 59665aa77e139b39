"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.crc32c = void 0;
/**
 * CRC-32C (Castagnoli), as every Kafka record batch carries it, eight bytes a step: the table has one slice of 256
 * entries per byte position.
 */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- a hot loop whose indices are in range by construction */
const polynomial = 0x82f63b78;
const slices = 8;
const buildTable = () => {
    const table = new Int32Array(256 * slices);
    for (let byte = 0; byte < 256; byte += 1) {
        let crc = byte;
        for (let bit = 0; bit < 8; bit += 1)
            crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
        table[byte] = crc;
    }
    for (let entry = 256; entry < table.length; entry += 1) {
        const previous = table[entry - 256] ?? 0;
        table[entry] = (previous >>> 8) ^ (table[previous & 0xff] ?? 0);
    }
    return table;
};
const table = buildTable();
/** The checksum of `bytes[start, end)`, as an unsigned 32-bit number. */
const crc32c = (bytes, start, end) => {
    const t = table;
    const b = bytes;
    let crc = -1;
    let at = start;
    for (const stop = end - 7; at < stop; at += 8) {
        crc ^= b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24);
        crc =
            t[1792 + (crc & 0xff)] ^
                t[1536 + ((crc >>> 8) & 0xff)] ^
                t[1280 + ((crc >>> 16) & 0xff)] ^
                t[1024 + (crc >>> 24)] ^
                t[768 + b[at + 4]] ^
                t[512 + b[at + 5]] ^
                t[256 + b[at + 6]] ^
                t[b[at + 7]];
    }
    for (; at < end; at += 1)
        crc = t[(crc ^ b[at]) & 0xff] ^ (crc >>> 8);
    return (crc ^ -1) >>> 0;
};
exports.crc32c = crc32c;
//# sourceMappingURL=crc32c.js.map