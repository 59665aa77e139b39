"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.mountDeadLetters = void 0;
const deadline_1 = require("../chassis/deadline");
const app_1 = require("../chassis/http/app");
const identity_1 = require("../chassis/http/identity");
const problem_1 = require("../chassis/http/problem");
const log_1 = require("../chassis/kafka/log");
const letter_filter_1 = require("../migrations/letters/letter-filter");
const dead_letter_queries_1 = require("./dead-letter-queries");
const query_parameters_1 = require("./query-parameters");
const redrive_queries_1 = require("./redrive-queries");
const send_json_1 = require("./send-json");
const view_route_1 = require("./view-route");
/** A command answered 202 a moment ago is in the log and not yet in the view. */
const commandWaitMs = 2_000;
const commandPollMs = 100;
const isLetterCursor = (value) => Array.isArray(value) && value.length === 3 && value.every((part) => Number.isSafeInteger(part));
const filterOf = (query) => {
    const { filter, faults } = (0, letter_filter_1.readLetterFilter)(query);
    if (faults.length > 0)
        throw (0, query_parameters_1.invalidParameters)(faults);
    return filter;
};
const admit = (request, adminToken) => {
    const fault = (0, identity_1.operatorFault)(request.headers.authorization, adminToken);
    if (fault)
        throw new problem_1.ProblemError(fault);
};
const mountList = (app, { db, adminToken }) => {
    app
        .route('/admin/dlq')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        admit(request, adminToken);
        const query = request.query;
        const page = (0, query_parameters_1.readPage)(query, isLetterCursor);
        const letters = await (0, dead_letter_queries_1.listDeadLetters)(db, filterOf(query), page);
        const last = letters.length === page.limit ? letters.at(-1) : undefined;
        const next_cursor = last
            ? (0, query_parameters_1.encodeCursor)([Date.parse(last.parked_at), last.position.partition, last.position.offset])
            : null;
        const body = { letters, next_cursor };
        (0, send_json_1.sendJson)(request, response, { body, cacheControl: 'no-store' }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
    app
        .route('/admin/dlq/groups')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        admit(request, adminToken);
        const body = { groups: await (0, dead_letter_queries_1.listLetterGroups)(db, filterOf(request.query)) };
        (0, send_json_1.sendJson)(request, response, { body, cacheControl: 'no-store' }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
};
const mountLetter = (app, { db, adminToken }) => {
    app
        .route('/admin/dlq/:id')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        admit(request, adminToken);
        const source = (0, log_1.parsePosition)(request.params.id);
        const body = source && (await (0, dead_letter_queries_1.findDeadLetter)(db, source));
        if (body === undefined) {
            throw new problem_1.ProblemError({
                status: 404,
                error: 'LETTER_NOT_FOUND',
                title: 'There is no such letter',
            });
        }
        (0, send_json_1.sendJson)(request, response, { body, cacheControl: 'no-store' }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
};
const awaitCommand = async (db, commandId) => {
    const endsAtMs = performance.now() + commandWaitMs;
    for (;;) {
        const found = await (0, redrive_queries_1.findLetterCommand)(db, commandId);
        if (found !== undefined || performance.now() > endsAtMs)
            return found;
        await (0, deadline_1.pause)(commandPollMs);
    }
};
const mountProgress = (app, { db, adminToken }) => {
    app
        .route('/admin/redrives/:command_id')
        .get((0, view_route_1.viewRoute)(async (request, response) => {
        admit(request, adminToken);
        const { command_id } = request.params;
        const body = command_id.includes('\u0000') ? undefined : await awaitCommand(db, command_id);
        if (body === undefined) {
            throw new problem_1.ProblemError({
                status: 404,
                error: 'COMMAND_NOT_FOUND',
                title: 'There is no such command',
                detail: 'A command answered 202 shows up within seconds, once the projector has read it.',
            });
        }
        (0, send_json_1.sendJson)(request, response, { body, cacheControl: 'no-store' }, (0, app_1.correlationOf)(response));
    }))
        .all((0, app_1.onlyMethods)('GET', 'HEAD'));
};
/** With the operators' token: what could not be processed, and how far commands on it have come. */
const mountDeadLetters = (app, options) => {
    mountList(app, options);
    mountLetter(app, options);
    mountProgress(app, options);
};
exports.mountDeadLetters = mountDeadLetters;
//# sourceMappingURL=dead-letter-routes.js.map