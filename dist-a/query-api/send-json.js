"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.sendProblemTo = exports.sendJson = exports.matchesEtag = void 0;
const problem_1 = require("../chassis/http/problem");
const jsonType = 'application/json; charset=utf-8';
/** RFC 9110: a list of tags or `*`; weak comparison, which is all that a 304 needs. */
const matchesEtag = (ifNoneMatch, etag) => {
    if (ifNoneMatch === undefined)
        return false;
    if (ifNoneMatch.trim() === '*')
        return true;
    return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
};
exports.matchesEtag = matchesEtag;
const write = (response, status, headers, body) => {
    headers['Content-Length'] = String(Buffer.byteLength(body));
    headers['X-Content-Type-Options'] = 'nosniff';
    response.writeHead(status, headers);
    response.end(body);
};
/** 200 with the body, or 304 without it when the client has it already. */
const sendJson = (request, response, answer, correlationId) => {
    const headers = {
        'X-Correlation-ID': correlationId,
        'Cache-Control': answer.cacheControl,
        ...answer.headers,
    };
    if (answer.etag !== undefined) {
        headers['ETag'] = answer.etag;
        if ((0, exports.matchesEtag)(request.headers['if-none-match'], answer.etag)) {
            response.writeHead(304, headers);
            response.end();
            return;
        }
    }
    headers['Content-Type'] = jsonType;
    write(response, 200, headers, answer.text ?? JSON.stringify(answer.body));
};
exports.sendJson = sendJson;
const sendProblemTo = (response, problem, correlationId) => write(response, problem.status, { 'X-Correlation-ID': correlationId, ...(0, problem_1.problemHeaders)(problem) }, JSON.stringify((0, problem_1.problemBody)(problem, correlationId)));
exports.sendProblemTo = sendProblemTo;
//# sourceMappingURL=send-json.js.map