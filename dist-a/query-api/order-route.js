"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.OrderRoute = exports.orderNotFound = void 0;
const app_1 = require("../chassis/http/app");
const correlation_1 = require("../chassis/http/correlation");
const problem_1 = require("../chassis/http/problem");
const postgres_trouble_1 = require("../chassis/postgres-trouble");
const interest_1 = require("./interest");
const query_parameters_1 = require("./query-parameters");
const send_json_1 = require("./send-json");
const view_route_1 = require("./view-route");
exports.orderNotFound = {
    status: 404,
    error: 'ORDER_NOT_FOUND',
    title: 'There is no such order',
};
const beforeLog = {
    status: 422,
    error: 'BEFORE_LOG',
    title: 'Nothing was known at that time',
    detail: 'The log begins later than as_of.',
};
const routeName = '/orders/:request_id';
const prefix = '/orders/';
const noQuery = { waitMs: 0, untilTerminal: false };
/** A terminal state is for ever; the minute bounds how long a client keeps what an operator may want to take back. */
const cacheLasting = 'private, max-age=60';
/** May be kept, must be asked about: the tag makes that cheap. */
const cachePending = 'private, no-cache';
const roomFullRetrySeconds = '1';
/** `undefined` for paths with more segments, and for text that is not percent-encoded UTF-8. */
const requestIdIn = (path) => {
    const text = path.slice(prefix.length);
    if (text === '' || text.includes('/'))
        return undefined;
    try {
        return decodeURIComponent(text);
    }
    catch {
        return undefined;
    }
};
const queryOf = (search) => search === '' ? noQuery : (0, query_parameters_1.readOrderQuery)(Object.fromEntries(new URLSearchParams(search)));
/**
 * Lost when the client is gone before its answer, so that nobody is waited for in vain. After the answer nobody
 * listens, and telling nobody costs as much as a piece of the answer.
 */
const interestOf = (response) => {
    const interest = new interest_1.ClientInterest();
    response.on('close', () => {
        if (!response.writableFinished)
            interest.lose();
    });
    return interest;
};
/**
 * `GET /orders/:request_id`, answered ahead of express: it is most of what a sale asks, and express with its router
 * costs more than the answer.
 */
class OrderRoute {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /** Answers when the request is for this route; false leaves it to somebody else. */
    front(request, response) {
        const { method, url = '' } = request;
        if ((method !== 'GET' && method !== 'HEAD') || !url.startsWith(prefix))
            return false;
        const mark = url.indexOf('?');
        const requestId = requestIdIn(mark === -1 ? url : url.slice(0, mark));
        if (requestId === undefined)
            return false;
        void this.#answer(request, response, requestId, mark === -1 ? '' : url.slice(mark + 1));
        return true;
    }
    /** What the front leaves of the route: other methods, and ids that cannot be read. */
    mount(app) {
        app.all(routeName, (0, app_1.onlyMethods)('GET', 'HEAD'));
    }
    async #answer(request, response, requestId, search) {
        const startedAtMs = performance.now();
        const correlationId = (0, correlation_1.correlationIdOf)(request);
        let waited = false;
        try {
            const query = queryOf(search);
            waited = query.waitMs > 0;
            const buyer = await (0, view_route_1.buyerOf)(this.#options.identify, request.headers.authorization);
            const reply = await this.#options.reader.read({
                requestId: (0, query_parameters_1.readRequestId)(requestId),
                buyer,
                ...query,
                interest: waited ? interestOf(response) : interest_1.lasting,
            });
            if (!response.destroyed)
                this.#send(request, response, reply, correlationId);
        }
        catch (error) {
            this.#fail(response, error, correlationId);
        }
        const route = waited ? `${routeName}?wait` : routeName;
        this.#options.metrics.observe(route, response.statusCode, performance.now() - startedAtMs);
    }
    #send(request, response, reply, correlationId) {
        if (reply.kind !== 'found') {
            (0, send_json_1.sendProblemTo)(response, reply.kind === 'not-found' ? exports.orderNotFound : beforeLog, correlationId);
            return;
        }
        const { body, text, etag, isLasting } = reply.answer;
        const answer = {
            body,
            text,
            cacheControl: isLasting ? cacheLasting : cachePending,
            ...(etag === undefined ? {} : { etag }),
            ...(reply.isRoomFull ? { headers: { 'Retry-After': roomFullRetrySeconds } } : {}),
        };
        (0, send_json_1.sendJson)(request, response, answer, correlationId);
    }
    #fail(response, error, correlationId) {
        if (response.headersSent || response.destroyed) {
            response.destroy();
            return;
        }
        (0, send_json_1.sendProblemTo)(response, this.#problemOf(error, correlationId), correlationId);
    }
    #problemOf(error, correlationId) {
        if (error instanceof problem_1.ProblemError)
            return error.problem;
        if (!(0, postgres_trouble_1.isPostgresTrouble)(error)) {
            this.#options.log.error('an order could not be read', {
                event: 'request_failed',
                correlation_id: correlationId,
                error,
            });
            return problem_1.internalError;
        }
        return view_route_1.viewUnavailable;
    }
}
exports.OrderRoute = OrderRoute;
//# sourceMappingURL=order-route.js.map