"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.createApp = exports.mountErrors = exports.onlyMethods = exports.sendProblem = exports.correlationOf = void 0;
const express_1 = __importDefault(require("express"));
const helmet_1 = __importDefault(require("helmet"));
const correlation_1 = require("./correlation");
const problem_1 = require("./problem");
const correlationOf = (response) => String(response.locals['correlationId']);
exports.correlationOf = correlationOf;
const sendProblem = (response, problem) => {
    response
        .status(problem.status)
        .set((0, problem_1.problemHeaders)(problem))
        .send(JSON.stringify((0, problem_1.problemBody)(problem, (0, exports.correlationOf)(response))));
};
exports.sendProblem = sendProblem;
/** Answers are data, so a page may do nothing with them; a route that serves a page sets its own policy. */
const secure = (0, helmet_1.default)({
    contentSecurityPolicy: {
        useDefaults: false,
        directives: {
            defaultSrc: ["'none'"],
            baseUri: ["'none'"],
            formAction: ["'none'"],
            frameAncestors: ["'none'"],
        },
    },
});
const correlate = (request, response, next) => {
    const correlationId = (0, correlation_1.correlationIdOf)(request);
    response.locals['correlationId'] = correlationId;
    response.set('X-Correlation-ID', correlationId);
    next();
};
/** Answers 405 with `Allow` for the other methods of a path. Mount it after the routes of that path. */
const onlyMethods = (...allowed) => (_request, response) => {
    (0, exports.sendProblem)(response, (0, problem_1.methodNotAllowed)(allowed));
};
exports.onlyMethods = onlyMethods;
/**
 * `/livez`: the process runs its event loop. `/readyz`: it takes work; a shared dependency that blinks does not take
 * every replica out at once, so it is reported and not judged. `/health`: 503 when a required dependency is down.
 */
const mountOperations = (app, options) => {
    const body = () => ({ ...options.health.report(), ...options.healthExtras?.() });
    app.get('/livez', (_request, response) => {
        response.set('Cache-Control', 'no-store').json({ status: 'up' });
    });
    app.get('/readyz', (_request, response) => {
        const ready = options.isReady();
        response
            .status(ready ? 200 : 503)
            .set('Cache-Control', 'no-store')
            .json({ ...body(), ready });
    });
    app.get(['/health', '/healthz'], (_request, response) => {
        const report = body();
        response
            .status(report['status'] === 'down' ? 503 : 200)
            .set('Cache-Control', 'no-store')
            .json(report);
    });
    app.get('/metrics', async (_request, response) => {
        response.set('Content-Type', options.metrics.contentType).send(await options.metrics.metrics());
    });
    app.all(['/livez', '/readyz', '/health', '/healthz', '/metrics'], (0, exports.onlyMethods)('GET', 'HEAD'));
};
/** Faults that express itself raises: an undecodable path and the like. Their text is not echoed. */
const problemOfFault = (error) => {
    const status = error?.status;
    if (typeof status !== 'number' || status < 400 || status > 499)
        return undefined;
    return { status, error: 'BAD_REQUEST', title: 'The request cannot be understood' };
};
const toProblem = (error) => error instanceof problem_1.ProblemError ? error.problem : (problemOfFault(error) ?? problem_1.internalError);
/** Mount last: unknown paths become 404, thrown errors become problem answers, and bugs are logged. */
const mountErrors = (app, log) => {
    app.use((_request, response) => {
        (0, exports.sendProblem)(response, problem_1.notFound);
    });
    const onError = (error, request, response, _next) => {
        const problem = toProblem(error);
        if (problem === problem_1.internalError) {
            log.error('a request failed', {
                event: 'request_failed',
                correlation_id: (0, exports.correlationOf)(response),
                path: request.path,
                error,
            });
        }
        if (response.headersSent)
            response.destroy();
        else
            (0, exports.sendProblem)(response, problem);
    };
    app.use(onError);
};
exports.mountErrors = mountErrors;
/** An express app with correlation and the operational routes; add routes, then call `mountErrors`. */
const createApp = (options) => {
    const app = (0, express_1.default)();
    app.disable('x-powered-by');
    app.disable('etag');
    app.set('trust proxy', false);
    app.set('query parser', 'simple');
    app.set('case sensitive routing', true);
    app.set('strict routing', false);
    app.use(secure);
    app.use(correlate);
    mountOperations(app, options);
    return app;
};
exports.createApp = createApp;
//# sourceMappingURL=app.js.map