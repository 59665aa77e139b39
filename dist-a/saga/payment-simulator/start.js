"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.start = void 0;
const health_1 = require("../../chassis/health");
const app_1 = require("../../chassis/http/app");
const server_1 = require("../../chassis/http/server");
const lifecycle_1 = require("../../chassis/lifecycle");
const log_1 = require("../../chassis/log");
const metrics_1 = require("../../chassis/metrics");
const tracing_1 = require("../../chassis/tracing");
const simulator_1 = require("../payment/simulator");
const system_clock_1 = require("../system-clock");
const charge_routes_1 = require("./charge-routes");
const journal_1 = require("./journal");
const service = 'payment-simulator';
const version = '0.1.0';
/** `PUT` begins an outage, in which nobody is answered and no money moves, and `DELETE` ends it. */
const mountOutage = (app, simulator) => {
    const say = (response) => void response.json({ is_out: simulator.isOut });
    app.get('/outage', (_request, response) => say(response));
    app.put('/outage', (_request, response) => {
        simulator.isOut = true;
        say(response);
    });
    app.delete('/outage', (_request, response) => {
        simulator.isOut = false;
        say(response);
    });
    app.all('/outage', (0, app_1.onlyMethods)('GET', 'PUT', 'DELETE'));
};
const mountJournal = (app, journal) => {
    app.get('/journal', (_request, response) => {
        response.set('Content-Type', 'application/x-ndjson').send(journal.text());
    });
    app.all('/journal', (0, app_1.onlyMethods)('GET'));
    app.all('/charges', (0, app_1.onlyMethods)('POST'));
    app.all('/charges/:key', (0, app_1.onlyMethods)('GET'));
    app.all('/charges/:key/cancel', (0, app_1.onlyMethods)('POST'));
};
/** The simulated provider as a process of its own: it outlives a saga that is killed, and its journal outlives it. */
const start = async (config) => {
    const log = (0, log_1.createLog)(service, config.LOG_LEVEL);
    return (0, lifecycle_1.assemble)(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
        const journal = (0, journal_1.openJournal)(config.PAYMENT_JOURNAL_FILE);
        releasers.add('journal', () => journal.close());
        const simulator = new simulator_1.PaymentSimulator({
            seed: config.PAYMENT_SEED,
            latencyMs: config.PAYMENT_LATENCY,
            declineRate: config.PAYMENT_DECLINE_RATE,
            timeoutRate: config.PAYMENT_TIMEOUT_RATE,
            timeoutMs: config.PAYMENT_HANG,
        }, system_clock_1.systemClock, (entry) => journal.append(entry));
        for (const entry of (0, journal_1.readEntries)(journal.text()))
            simulator.restore(entry);
        const metrics = (0, metrics_1.createMetrics)(service, version);
        const health = (0, health_1.createHealthMonitor)([], { log, metrics });
        releasers.add('health', () => health.stop());
        const tracing = (0, tracing_1.openTracing)({ service, version, config, registry: metrics, log, releasers });
        const app = (0, app_1.createApp)({ log, metrics, health, isReady: () => true });
        mountJournal(app, journal);
        mountOutage(app, simulator);
        (0, app_1.mountErrors)(app, log);
        const answerCharge = (0, charge_routes_1.createChargeRoutes)({ simulator, tracing });
        const listener = (request, response) => {
            if (!answerCharge(request, response))
                app(request, response);
        };
        const server = await (0, server_1.startHttpServer)(listener, { host: config.HOST, port: config.PORT });
        releasers.add('http', () => server.drain(config.SHUTDOWN_TIMEOUT));
        log.info('payments are simulated', { event: 'started', port: server.port });
        return { url: server.url, stop: () => releasers.releaseAll() };
    });
};
exports.start = start;
//# sourceMappingURL=start.js.map