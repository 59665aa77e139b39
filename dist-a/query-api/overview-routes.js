"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountOverview = void 0;
const app_1 = require("../chassis/http/app");
const dead_letter_routes_1 = require("./dead-letter-routes");
const order_queries_1 = require("./order-queries");
const query_parameters_1 = require("./query-parameters");
const send_json_1 = require("./send-json");
const view_route_1 = require("./view-route");
/** What totals show without `from`. */
const totalsDefaultMs = 3_600_000;
const mountTotals = (app, { db, clock }) => {
    app
        .route('/totals')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        const { fromMs, toMs, stepSeconds } = (0, query_parameters_1.readTotalsQuery)(request.query);
        const to = toMs ?? clock();
        const buckets = await (0, order_queries_1.listTotals)(db, {
            fromMs: fromMs ?? to - totalsDefaultMs,
            toMs: to,
            stepSeconds,
        });
        const body = { step_seconds: stepSeconds, buckets };
        (0, send_json_1.sendJson)(request, response, { body, cacheControl: 'public, max-age=1' }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
};
/** What a team looks at: totals over time, and with the operators' token what could not be processed. */
const mountOverview = (app, options) => {
    mountTotals(app, options);
    (0, dead_letter_routes_1.mountDeadLetters)(app, options);
};
exports.mountOverview = mountOverview;
//# sourceMappingURL=overview-routes.js.map