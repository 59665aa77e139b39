"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ByteWriter = void 0;
const highWord = 2 ** 32;
/** Longer strings are cheaper to encode in one native call than character by character. */
const shortStringMax = 64;
/** Bytes that a length, which is never negative, takes as a zigzag varint. */
const varintSize = (length) => {
    let bytes = 1;
    for (let rest = length; rest >= 64; rest >>>= 7)
        bytes += 1;
    return bytes;
};
/** Big-endian binary output that grows as needed. Numbers beyond 32 bits are exact up to 2^53. */
class ByteWriter {
    #buffer;
    #at = 0;
    constructor(sizeHint) {
        this.#buffer = Buffer.allocUnsafe(Math.max(64, sizeHint));
    }
    get length() {
        return this.#at;
    }
    /** What was written so far, without a copy; writing more may leave it behind. */
    written() {
        return this.#buffer.subarray(0, this.#at);
    }
    int8(value) {
        this.#reserve(1);
        this.#buffer.writeInt8(value, this.#at);
        this.#at += 1;
    }
    int16(value) {
        this.#reserve(2);
        this.#buffer.writeInt16BE(value, this.#at);
        this.#at += 2;
    }
    int32(value) {
        this.#reserve(4);
        this.#buffer.writeInt32BE(value, this.#at);
        this.#at += 4;
    }
    int64(value) {
        this.#reserve(8);
        this.#buffer.writeInt32BE(Math.floor(value / highWord), this.#at);
        this.#buffer.writeUInt32BE(value >>> 0, this.#at + 4);
        this.#at += 8;
    }
    /** A string with its length in two bytes before it, or -1 for null: the protocol's NULLABLE_STRING. */
    shortString(value) {
        if (value === null) {
            this.int16(-1);
            return;
        }
        const length = Buffer.byteLength(value);
        this.int16(length);
        this.#reserve(length);
        this.#at += this.#buffer.write(value, this.#at);
    }
    /** A signed number of 32 bits, zigzag-encoded in one to five bytes. */
    varint(value) {
        this.#reserve(5);
        this.#at = this.#varintAt(value, this.#at);
    }
    /** Bytes or text with a varint length before them; null is length -1. */
    varBytes(value) {
        if (value === null)
            this.varint(-1);
        else if (typeof value === 'string')
            this.#varString(value);
        else {
            this.varint(value.length);
            this.#reserve(value.length);
            this.#buffer.set(value, this.#at);
            this.#at += value.length;
        }
    }
    patchInt32(value, at) {
        this.#buffer.writeInt32BE(value, at);
    }
    patchUint32(value, at) {
        this.#buffer.writeUInt32BE(value, at);
    }
    /**
     * Writes `body` with its length as a varint before it. Two bytes are kept for the length, which fits bodies of 64
     * to 8,191 bytes; others are moved afterwards.
     */
    varSized(body) {
        const start = this.#at;
        this.#reserve(5);
        this.#at += 2;
        body();
        const length = this.#at - start - 2;
        const shift = varintSize(length) - 2;
        if (shift !== 0) {
            this.#reserve(5);
            this.#buffer.copyWithin(start + 2 + shift, start + 2, this.#at);
            this.#at += shift;
        }
        this.#varintAt(length, start);
    }
    #varintAt(value, at) {
        let rest = (value << 1) ^ (value >> 31);
        let end = at;
        while ((rest & ~0x7f) !== 0) {
            this.#buffer[end] = (rest & 0x7f) | 0x80;
            end += 1;
            rest >>>= 7;
        }
        this.#buffer[end] = rest;
        return end + 1;
    }
    #varString(value) {
        if (value.length <= shortStringMax && this.#varAscii(value))
            return;
        const length = Buffer.byteLength(value);
        this.varint(length);
        this.#reserve(length);
        this.#at += this.#buffer.write(value, this.#at);
    }
    /** Most keys and headers are short ASCII; on the first other character nothing has happened and false is returned. */
    #varAscii(value) {
        this.#reserve(value.length + 5);
        const buffer = this.#buffer;
        let at = this.#varintAt(value.length, this.#at);
        for (let index = 0; index < value.length; index += 1) {
            const code = value.charCodeAt(index);
            if (code > 0x7f)
                return false;
            buffer[at] = code;
            at += 1;
        }
        this.#at = at;
        return true;
    }
    #reserve(bytes) {
        const needed = this.#at + bytes;
        if (needed <= this.#buffer.length)
            return;
        const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
        larger.set(this.#buffer.subarray(0, this.#at));
        this.#buffer = larger;
    }
}
exports.ByteWriter = ByteWriter;
//# sourceMappingURL=byte-writer.js.map