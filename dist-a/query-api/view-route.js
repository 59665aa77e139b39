"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.buyerOf = exports.viewRoute = exports.viewUnavailable = void 0;
const problem_1 = require("../chassis/http/problem");
const postgres_trouble_1 = require("../chassis/postgres-trouble");
exports.viewUnavailable = {
    status: 503,
    error: 'VIEW_UNAVAILABLE',
    title: 'Orders cannot be read at the moment',
    detail: 'The read model does not answer. Orders are accepted and decided meanwhile.',
    retryAfterSeconds: 2,
};
/** A route that reads the views: while they cannot be read it answers 503, not 500. */
const viewRoute = (handle) => async (request, response) => {
    try {
        await handle(request, response);
    }
    catch (error) {
        throw (0, postgres_trouble_1.isPostgresTrouble)(error) ? new problem_1.ProblemError(exports.viewUnavailable, error) : error;
    }
};
exports.viewRoute = viewRoute;
/** The buyer a request speaks for; `undefined` without authentication. @throws ProblemError 401, 403 or 503. */
const buyerOf = async (identify, authorization) => {
    if (identify === undefined)
        return undefined;
    const sender = await identify(authorization);
    if (sender.kind === 'refused')
        throw new problem_1.ProblemError(sender.problem);
    return sender.subject;
};
exports.buyerOf = buyerOf;
//# sourceMappingURL=view-route.js.map