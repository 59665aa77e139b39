"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.answerDuplicate = exports.answerLimited = exports.answerProblem = exports.answerPending = exports.statusUrl = void 0;
const problem_1 = require("../chassis/http/problem");
const log_1 = require("../chassis/kafka/log");
/** What helmet sets that means something on a JSON answer; the hot route does not pass through helmet. */
const commonHeaders = {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
};
const send = (response, status, headers, body) => {
    headers['Content-Length'] = String(Buffer.byteLength(body));
    response.writeHead(status, headers);
    response.end(body);
};
/** What `encodeURIComponent` would leave as it is. */
const plain = /^[A-Za-z0-9_.~-]+$/;
/** Where the order's state is read: the same for its first answer and every repeat. */
const statusUrl = (settings, requestId) => `${settings.queryUrl}/orders/${plain.test(requestId) ? requestId : encodeURIComponent(requestId)}`;
exports.statusUrl = statusUrl;
const policyOf = ({ requestsMax, windowMs }) => `"buy";q=${requestsMax};w=${Math.max(1, Math.ceil(windowMs / 1000))}`;
const quotaOf = ({ remaining, resetMs }) => `"buy";r=${remaining};t=${Math.max(0, Math.ceil(resetMs / 1000))}`;
/** The 202. Headers go as a list of names and values, which node:http writes as they are; an object it walks twice. */
const answerPending = (response, settings, { requestId, correlationId, first, quota, replayed }) => {
    const url = (0, exports.statusUrl)(settings, requestId);
    const place = (0, log_1.formatPosition)(first.position);
    const body = `{"status":"PENDING","request_id":${JSON.stringify(requestId)},"correlation_id":${JSON.stringify(first.correlation_id)},` +
        `"status_url":${JSON.stringify(url)},"position":"${place}"}`;
    const headers = [
        'Content-Type',
        'application/json; charset=utf-8',
        'Cache-Control',
        commonHeaders['Cache-Control'],
        'X-Content-Type-Options',
        commonHeaders['X-Content-Type-Options'],
        'X-Correlation-ID',
        correlationId,
        'Location',
        url,
        'Content-Length',
        String(Buffer.byteLength(body)),
    ];
    if (quota) {
        headers.push('RateLimit-Policy', policyOf(settings.limits), 'RateLimit', quotaOf(quota));
    }
    if (replayed)
        headers.push('Idempotency-Replayed', 'true');
    response.writeHead(202, headers);
    response.end(body);
};
exports.answerPending = answerPending;
const answerProblem = (response, problem, correlationId, more = {}) => {
    const body = JSON.stringify((0, problem_1.problemBody)(problem, more.firstCorrelationId ?? correlationId));
    const headers = {
        ...(0, problem_1.problemHeaders)(problem),
        ...commonHeaders,
        'X-Correlation-ID': correlationId,
        ...more.headers,
    };
    send(response, problem.status, headers, body);
};
exports.answerProblem = answerProblem;
/** 429 with the fields that say when to come back. */
const answerLimited = (response, settings, problem, correlationId) => {
    const resetMs = (problem.retryAfterSeconds ?? 0) * 1000;
    const headers = {
        'RateLimit-Policy': policyOf(settings.limits),
        RateLimit: quotaOf({ remaining: 0, resetMs }),
    };
    (0, exports.answerProblem)(response, problem, correlationId, { headers });
};
exports.answerLimited = answerLimited;
/** 409 that says where the first answer is. */
const answerDuplicate = (response, settings, { requestId, correlationId, first }) => {
    const url = (0, exports.statusUrl)(settings, requestId);
    const problem = {
        status: 409,
        error: 'DUPLICATE',
        title: 'This order was accepted before',
        detail: 'Read its state at status_url. Send an Idempotency-Key header to get the first answer again.',
        more: { request_id: requestId, status_url: url, position: (0, log_1.formatPosition)(first.position) },
    };
    (0, exports.answerProblem)(response, problem, correlationId, {
        headers: { Location: url },
        firstCorrelationId: first.correlation_id,
    });
};
exports.answerDuplicate = answerDuplicate;
//# sourceMappingURL=answers.js.map