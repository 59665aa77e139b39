"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.admitOrigin = void 0;
/** How long a browser may remember the answer to its preflight. */
const rememberSeconds = 600;
/**
 * Lets the script of one page send its commands from a browser, with a token in a header and no cookies. Every other
 * origin gets no header of CORS, which a browser takes for no; without `origin` all of them do.
 */
const admitOrigin = (origin) => (request, response, next) => {
    if (origin === undefined) {
        next();
        return;
    }
    response.vary('Origin');
    if (request.headers.origin !== origin) {
        next();
        return;
    }
    response.set('Access-Control-Allow-Origin', origin);
    if (request.method !== 'OPTIONS') {
        next();
        return;
    }
    response
        .status(204)
        .set({
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type',
        'Access-Control-Max-Age': String(rememberSeconds),
    })
        .end();
};
exports.admitOrigin = admitOrigin;
//# sourceMappingURL=admit-origin.js.map