"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.answerUnreadRequests = exports.refuseWithoutHost = void 0;
const node_crypto_1 = require("node:crypto");
const node_http_1 = require("node:http");
const correlation_1 = require("./correlation");
const problem_1 = require("./problem");
/** Answers to requests that reach no route. Node's own have neither a body nor a correlation id. */
const notHttp = { status: 400, error: 'BAD_REQUEST', title: 'The request cannot be understood' };
const noHost = { ...notHttp, detail: 'HTTP/1.1 needs a Host header.' };
const expectationFailed = {
    status: 417,
    error: 'EXPECTATION_FAILED',
    title: 'This expectation cannot be met',
    detail: 'Expect may only say 100-continue.',
};
/** By the code of Node's error; all others are 400. */
const problems = {
    ERR_HTTP_REQUEST_TIMEOUT: {
        status: 408,
        error: 'REQUEST_TIMEOUT',
        title: 'The request did not arrive in time',
    },
    HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, error: 'TOO_LARGE', title: 'The body is too large' },
    HPE_HEADER_OVERFLOW: { status: 431, error: 'HEADERS_TOO_LARGE', title: 'The headers are too large' },
};
const written = (problem, correlationId) => {
    const body = JSON.stringify((0, problem_1.problemBody)(problem, correlationId));
    const headers = {
        ...(0, problem_1.problemHeaders)(problem),
        'X-Content-Type-Options': 'nosniff',
        'X-Correlation-ID': correlationId,
        'Content-Length': String(Buffer.byteLength(body)),
        Connection: 'close',
    };
    return { headers, body };
};
const asText = (problem) => {
    const { headers, body } = written(problem, (0, node_crypto_1.randomUUID)());
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return [`HTTP/1.1 ${problem.status} ${node_http_1.STATUS_CODES[problem.status]}`, ...lines, '', body].join('\r\n');
};
/**
 * A complete request that is still worked on gets no answer here: it would be told 400 for what came behind it, and its
 * order may be in the log.
 */
const isFree = ({ _httpMessage: answer }) => !answer || (!answer.headersSent && !answer.req.complete);
const refuseConnection = (error, socket) => {
    if (socket.writable && isFree(socket)) {
        socket.end(asText(problems[error.code ?? ''] ?? notHttp));
        socket.destroySoon();
    }
    else
        socket.destroy();
};
const refuse = (request, response, problem) => {
    const { headers, body } = written(problem, (0, correlation_1.correlationIdOf)(request));
    response.writeHead(problem.status, headers);
    response.end(body);
};
/** True when it was answered here: Node's own check of this has no place to put a problem document. */
const refuseWithoutHost = (request, response) => {
    if (request.headers.host !== undefined || request.httpVersion !== '1.1')
        return false;
    refuse(request, response, noHost);
    return true;
};
exports.refuseWithoutHost = refuseWithoutHost;
/** Gives what Node's parser refuses, and clients that are too slow, the one shape of errors. */
const answerUnreadRequests = (server) => {
    server.on('clientError', (error, socket) => refuseConnection(error, socket));
    server.on('checkExpectation', (request, response) => refuse(request, response, expectationFailed));
};
exports.answerUnreadRequests = answerUnreadRequests;
//# sourceMappingURL=unread-request.js.map