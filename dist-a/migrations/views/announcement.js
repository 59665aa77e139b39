"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.decodeAnnouncement = exports.encodeAnnouncement = exports.announcementChannel = void 0;
exports.announcementChannel = 'flash_sale_views';
/** PostgreSQL refuses a payload of 8,000 bytes or more. */
const payloadBytesMax = 7_900;
/** Brackets, member names and the view's name. */
const frameBytes = 100;
/** Cuts a list so that each piece, as JSON, takes at most `bytesMax`. */
const cut = (items, bytesMax) => {
    const pieces = [];
    let bytes = bytesMax;
    for (const item of items) {
        const size = Buffer.byteLength(JSON.stringify(item)) + 1;
        if (bytes + size > bytesMax) {
            pieces.push([]);
            bytes = 0;
        }
        pieces.at(-1)?.push(item);
        bytes += size;
    }
    return pieces;
};
/** As few payloads as hold it all. */
const encodeAnnouncement = ({ view, moves, decided }) => {
    const bytesMax = payloadBytesMax - frameBytes;
    const whole = JSON.stringify({ view, moves, decided });
    if (Buffer.byteLength(whole) < payloadBytesMax)
        return [whole];
    return [
        ...cut(moves, bytesMax).map((some) => JSON.stringify({ view, moves: some, decided: [] })),
        ...cut(decided, bytesMax).map((some) => JSON.stringify({ view, moves: [], decided: some })),
    ];
};
exports.encodeAnnouncement = encodeAnnouncement;
/** Total: what is not one of our payloads is `undefined`. */
const decodeAnnouncement = (payload) => {
    try {
        const found = JSON.parse(payload);
        if (!Array.isArray(found?.moves) || !Array.isArray(found.decided))
            return undefined;
        return found;
    }
    catch {
        return undefined;
    }
};
exports.decodeAnnouncement = decodeAnnouncement;
//# sourceMappingURL=announcement.js.map