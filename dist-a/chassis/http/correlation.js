"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.correlationIdOf = void 0;
const node_crypto_1 = require("node:crypto");
/** Printable, no spaces, no quotes: safe in a header, in a log line and in a page. */
const valid = /^[A-Za-z0-9._:/+=@-]{1,128}$/;
/** The client's `X-Correlation-ID` (or `X-Request-ID`) when it is valid, else a new UUID. */
const correlationIdOf = (request) => {
    const given = request.headers['x-correlation-id'] ?? request.headers['x-request-id'];
    return typeof given === 'string' && valid.test(given) ? given : (0, node_crypto_1.randomUUID)();
};
exports.correlationIdOf = correlationIdOf;
//# sourceMappingURL=correlation.js.map