"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountItemRoutes = void 0;
const app_1 = require("../chassis/http/app");
const problem_1 = require("../chassis/http/problem");
const fields_1 = require("../schemas/fields");
const item_queries_1 = require("./item-queries");
const query_parameters_1 = require("./query-parameters");
const send_json_1 = require("./send-json");
const view_route_1 = require("./view-route");
/** Figures move all the time during a sale; a second keeps a refreshed page from costing a query each. */
const cacheControl = 'public, max-age=1';
const isItemCursor = (value) => Array.isArray(value) && value.length === 1 && (0, fields_1.isName)(value[0]);
/** @param clock milliseconds since 1970 */
const mountItemRoutes = (app, db, clock) => {
    app
        .route('/items')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        const { limit, after } = (0, query_parameters_1.readPage)(request.query, isItemCursor);
        const items = await (0, item_queries_1.listItems)(db, { after: after?.[0], limit }, clock());
        const last = items.length === limit ? items.at(-1) : undefined;
        const body = { items, next_cursor: last === undefined ? null : (0, query_parameters_1.encodeCursor)([last.item_id]) };
        (0, send_json_1.sendJson)(request, response, { body, cacheControl }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
    app
        .route('/items/:item_id')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        const nowMs = clock();
        const { item_id: itemId } = request.params;
        const item = (0, fields_1.isName)(itemId) ? await (0, item_queries_1.findItem)(db, itemId, nowMs) : undefined;
        if (item === undefined) {
            throw new problem_1.ProblemError({ status: 404, error: 'ITEM_NOT_FOUND', title: 'There is no such item' });
        }
        const body = { ...item, server_time: new Date(nowMs).toISOString() };
        (0, send_json_1.sendJson)(request, response, { body, cacheControl }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
};
exports.mountItemRoutes = mountItemRoutes;
//# sourceMappingURL=item-routes.js.map