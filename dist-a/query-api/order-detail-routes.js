"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountOrderDetails = void 0;
const app_1 = require("../chassis/http/app");
const problem_1 = require("../chassis/http/problem");
const accepted_order_1 = require("../schemas/accepted-order");
const fields_1 = require("../schemas/fields");
const order_answer_1 = require("./order-answer");
const interest_1 = require("./interest");
const order_queries_1 = require("./order-queries");
const order_route_1 = require("./order-route");
const order_stream_1 = require("./order-stream");
const order_timeline_1 = require("./order-timeline");
const query_parameters_1 = require("./query-parameters");
const send_json_1 = require("./send-json");
const shared_timelines_1 = require("./shared-timelines");
const view_route_1 = require("./view-route");
const notCached = 'private, no-cache';
/** Who asks for which order, once it is sure that the order was accepted. @throws ProblemError 404. */
const findKey = async (options, request) => {
    const buyer = await (0, view_route_1.buyerOf)(options.identify, request.headers.authorization);
    const requestId = (0, query_parameters_1.readRequestId)(request.params.request_id);
    const reply = await options.reader.read({
        requestId,
        buyer,
        waitMs: 0,
        untilTerminal: false,
        interest: interest_1.lasting,
    });
    if (reply.kind !== 'found')
        throw new problem_1.ProblemError(order_route_1.orderNotFound);
    return (0, accepted_order_1.orderKey)(requestId, buyer);
};
const mountTimeline = (app, options) => {
    app
        .route('/orders/:request_id/timeline')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        const key = await findKey(options, request);
        const events = await (0, order_queries_1.findTimeline)(options.db, key);
        const body = { request_id: request.params.request_id, events };
        (0, send_json_1.sendJson)(request, response, { body, cacheControl: notCached }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
};
const tooManyStreams = {
    status: 503,
    error: 'TOO_MANY_STREAMS',
    title: 'Too many streams are open',
    detail: 'Ask for the order with ?wait=10s instead.',
    retryAfterSeconds: 5,
};
const stream = async (options, request, response) => {
    if (options.streams.taken >= options.streamsMax)
        throw new problem_1.ProblemError(tooManyStreams);
    const key = await findKey(options, request);
    const seen = (0, order_timeline_1.parseSeen)(request.get('Last-Event-ID'));
    if ((0, order_stream_1.hasSeenEnd)(await options.findTimeline(key), seen)) {
        // Tells an EventSource to stay away: any other answer makes it come back for ever.
        response.status(204).end();
        return;
    }
    const gone = new AbortController();
    const leave = () => gone.abort();
    response.on('close', leave);
    options.stopping.addEventListener('abort', leave, { once: true });
    await (0, order_stream_1.streamOrder)(response, {
        findTimeline: options.findTimeline,
        isThere: async (id) => (await options.lookup.find(id, 'patient')) !== undefined,
        room: options.streamRoom,
        log: options.log,
    }, { key, seen, correlationId: (0, app_1.correlationOf)(response), signal: gone.signal });
    options.stopping.removeEventListener('abort', leave);
};
const mountOrdersOf = (app, { db, identify }) => {
    app
        .route('/users/:user_id/orders')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        const buyer = await (0, view_route_1.buyerOf)(identify, request.headers.authorization);
        const userId = request.params.user_id;
        const isTheirs = (0, fields_1.isName)(userId) && (buyer === undefined || buyer === userId);
        if (!isTheirs) {
            throw new problem_1.ProblemError({ status: 404, error: 'USER_NOT_FOUND', title: 'There is no such user' });
        }
        const page = (0, query_parameters_1.readPage)(request.query, query_parameters_1.isTimeCursor);
        const rows = await (0, order_queries_1.listOrdersOf)(db, userId, page);
        const last = rows.length === page.limit ? rows.at(-1) : undefined;
        const body = {
            orders: rows.map((row) => (0, order_answer_1.bodyOfRow)(row, buyer)),
            next_cursor: last ? (0, query_parameters_1.encodeCursor)([last.requested_at ?? 0, last.request_id]) : null,
        };
        (0, send_json_1.sendJson)(request, response, { body, cacheControl: notCached }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
};
/** An order's events, as a list and as a stream, and a buyer's orders. */
const mountOrderDetails = (app, options) => {
    mountTimeline(app, options);
    const streaming = { ...options, findTimeline: (0, shared_timelines_1.sharedTimelinesOf)(options.db) };
    app
        .route('/orders/:request_id/stream')
        // Express answers HEAD as GET: it would hold a stream open that nobody is sent anything on.
        .head((0, app_1.onlyMethods)('GET'))
        .get((0, view_route_1.viewRoute)((request, response) => stream(streaming, request, response)))
        .all((0, app_1.onlyMethods)('GET'));
    mountOrdersOf(app, options);
};
exports.mountOrderDetails = mountOrderDetails;
//# sourceMappingURL=order-detail-routes.js.map