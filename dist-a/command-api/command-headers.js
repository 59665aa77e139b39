"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.traceparentOf = exports.newTraceparent = exports.givenTraceparent = exports.idempotencyKeyOf = void 0;
const node_crypto_1 = require("node:crypto");
const headers_1 = require("../schemas/headers");
/** The draft's quoted form, a Structured Fields string, and the bare form that most clients send. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const bare = /^[\x21\x23-\x7e][\x20\x21\x23-\x7e]*$/;
const keyLengthMax = 200;
const fault = {
    kind: 'fault',
    fault: {
        field: 'Idempotency-Key',
        message: `must be 1 to ${keyLengthMax} printable ASCII characters, quoted or bare`,
    },
};
const idempotencyKeyOf = (headers) => {
    const given = headers['idempotency-key'];
    if (given === undefined)
        return { kind: 'none' };
    if (typeof given !== 'string')
        return fault;
    const text = given.trim();
    const inside = quoted.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1') ?? (bare.test(text) ? text : undefined);
    if (inside === undefined || inside.trim() === '' || inside.length > keyLengthMax)
        return fault;
    return { kind: 'key', key: inside };
};
exports.idempotencyKeyOf = idempotencyKeyOf;
/** Random hex digits, drawn 16 KiB at a time: one draw a request costs three times as much as all of the rest here. */
const drawnBytes = 8 * 1024;
let drawn = '';
let drawnAt = 0;
const randomHex = (digits) => {
    if (drawnAt + digits > drawn.length) {
        drawn = (0, node_crypto_1.randomBytes)(drawnBytes).toString('hex');
        drawnAt = 0;
    }
    drawnAt += digits;
    return drawn.slice(drawnAt - digits, drawnAt);
};
/** The client's trace context, when it has a usable one. */
const givenTraceparent = (headers) => {
    const given = headers['traceparent'];
    return typeof given === 'string' && (0, headers_1.isTraceparent)(given) ? given : undefined;
};
exports.givenTraceparent = givenTraceparent;
/** A new trace, not sampled: a sampled flag would make every service behind us record it. */
const newTraceparent = () => {
    // An id of zeros means "none", and is drawn once in 2^64: such a trace is left out by whoever reads it.
    return `00-${randomHex(32)}-${randomHex(16)}-00`;
};
exports.newTraceparent = newTraceparent;
/** The client's trace context, or a new trace. */
const traceparentOf = (headers) => (0, exports.givenTraceparent)(headers) ?? (0, exports.newTraceparent)();
exports.traceparentOf = traceparentOf;
//# sourceMappingURL=command-headers.js.map