"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.zipEntry = void 0;
const node_zlib_1 = require("node:zlib");
const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const endOfDirectory = (zip) => {
    for (let at = zip.length - 22; at >= 0; at -= 1)
        if (zip.readUInt32LE(at) === endSignature)
            return at;
    throw new Error('Not a zip file: it has no directory');
};
const content = (zip, headerAt, size, method) => {
    const dataAt = headerAt + 30 + zip.readUInt16LE(headerAt + 26) + zip.readUInt16LE(headerAt + 28);
    const packed = zip.subarray(dataAt, dataAt + size);
    return method === 0 ? Buffer.from(packed) : (0, node_zlib_1.inflateRawSync)(packed);
};
/**
 * One file of a zip archive (no zip64, stored or deflated): neither Node nor every machine has an unzip.
 * @throws Error when the archive has no such file.
 */
const zipEntry = (zip, name) => {
    const end = endOfDirectory(zip);
    const count = zip.readUInt16LE(end + 10);
    let at = zip.readUInt32LE(end + 16);
    for (let entry = 0; entry < count; entry += 1) {
        if (zip.readUInt32LE(at) !== directorySignature)
            throw new Error('The zip file’s directory is damaged');
        const nameLength = zip.readUInt16LE(at + 28);
        if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
            return content(zip, zip.readUInt32LE(at + 42), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 10));
        }
        at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
    throw new Error(`The zip file has no ${name}`);
};
exports.zipEntry = zipEntry;
//# sourceMappingURL=zip-entry.js.map