"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.headersFault = exports.malformed = exports.compressed = exports.notJson = exports.tooLarge = exports.bodyBytesMax = void 0;
/** A command has four short members; 16 KiB is 50 times the largest. */
exports.bodyBytesMax = 16 * 1024;
exports.tooLarge = {
    status: 413,
    error: 'TOO_LARGE',
    title: 'The body is too large',
    detail: `A command has at most ${exports.bodyBytesMax} bytes.`,
};
exports.notJson = {
    status: 415,
    error: 'NOT_JSON',
    title: 'The body must be application/json',
    detail: 'Send Content-Type: application/json, in UTF-8.',
    headers: { Accept: 'application/json' },
};
exports.compressed = {
    status: 415,
    error: 'COMPRESSED',
    title: 'The body must not be compressed',
    detail: 'Send it without Content-Encoding.',
    headers: { 'Accept-Encoding': 'identity' },
};
const malformed = (detail) => ({
    status: 400,
    error: 'MALFORMED',
    title: 'The body cannot be read',
    detail,
});
exports.malformed = malformed;
const jsonType = /^\s*application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;
/** What the headers already say against a body; compressed ones are refused unread, so no bomb is ever unpacked. */
const headersFault = (request) => {
    const type = request.headers['content-type'];
    if (type !== 'application/json' && (type === undefined || !jsonType.test(type)))
        return exports.notJson;
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity')
        return exports.compressed;
    return Number(request.headers['content-length'] ?? 0) > exports.bodyBytesMax ? exports.tooLarge : undefined;
};
exports.headersFault = headersFault;
//# sourceMappingURL=request-body.js.map