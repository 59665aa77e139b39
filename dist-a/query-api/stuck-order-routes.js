"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountStuckOrders = void 0;
const app_1 = require("../chassis/http/app");
const identity_1 = require("../chassis/http/identity");
const problem_1 = require("../chassis/http/problem");
const query_parameters_1 = require("./query-parameters");
const send_json_1 = require("./send-json");
const stuck_orders_1 = require("./stuck-orders");
const view_route_1 = require("./view-route");
/** `GET /admin/orders`: what was answered 202 and has no outcome yet. */
const mountStuckOrders = (app, options) => {
    app
        .route('/admin/orders')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        const fault = (0, identity_1.operatorFault)(request.headers.authorization, options.adminToken);
        if (fault)
            throw new problem_1.ProblemError(fault);
        const { olderThanMs, limit, after } = (0, query_parameters_1.readStuckQuery)(request.query);
        const nowMs = options.clock();
        const query = { acceptedBeforeMs: nowMs - olderThanMs, limit, ...(after ? { after } : {}) };
        const orders = await (0, stuck_orders_1.listStuck)(options, query, nowMs);
        const last = orders.length === limit ? orders.at(-1) : undefined;
        const next_cursor = last ? (0, query_parameters_1.encodeCursor)([Date.parse(last.accepted_at), last.key]) : null;
        const body = { orders, next_cursor, server_time: new Date(nowMs).toISOString() };
        (0, send_json_1.sendJson)(request, response, { body, cacheControl: 'no-store' }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
};
exports.mountStuckOrders = mountStuckOrders;
//# sourceMappingURL=stuck-order-routes.js.map