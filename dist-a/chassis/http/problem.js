"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.internalError = exports.methodNotAllowed = exports.notFound = exports.problemHeaders = exports.problemBody = exports.problemContentType = exports.ProblemError = void 0;
/** Thrown inside a route to leave it with a problem answer. */
class ProblemError extends Error {
    name = 'ProblemError';
    problem;
    constructor(problem, cause) {
        super(problem.detail ?? problem.title, { cause });
        this.problem = problem;
    }
}
exports.ProblemError = ProblemError;
exports.problemContentType = 'application/problem+json';
/** The body of a problem answer; `type` is a URN because the documents have no public address yet. */
const problemBody = (problem, correlationId) => ({
    type: `urn:flashsale:problem:${problem.error}`,
    title: problem.title,
    status: problem.status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    error: problem.error,
    correlation_id: correlationId,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    ...problem.more,
});
exports.problemBody = problemBody;
const problemHeaders = (problem) => ({
    'Content-Type': `${exports.problemContentType}; charset=utf-8`,
    'Cache-Control': 'no-store',
    ...(problem.retryAfterSeconds === undefined
        ? {}
        : { 'Retry-After': String(Math.max(1, Math.ceil(problem.retryAfterSeconds))) }),
    ...problem.headers,
});
exports.problemHeaders = problemHeaders;
exports.notFound = { status: 404, error: 'NOT_FOUND', title: 'Nothing is here' };
const methodNotAllowed = (allowed) => ({
    status: 405,
    error: 'METHOD_NOT_ALLOWED',
    title: 'This resource does not answer that method',
    headers: { Allow: allowed.join(', ') },
});
exports.methodNotAllowed = methodNotAllowed;
exports.internalError = {
    status: 500,
    error: 'INTERNAL',
    title: 'Something went wrong on our side',
};
//# sourceMappingURL=problem.js.map