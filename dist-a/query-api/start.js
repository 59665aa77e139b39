"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.start = void 0;
const deadline_1 = require("../chassis/deadline");
const health_1 = require("../chassis/health");
const app_1 = require("../chassis/http/app");
const documents_1 = require("../chassis/http/documents");
const identity_1 = require("../chassis/http/identity");
const server_1 = require("../chassis/http/server");
const admin_1 = require("../chassis/kafka/admin");
const connection_1 = require("../chassis/kafka/connection");
const reader_1 = require("../chassis/kafka/reader");
const lifecycle_1 = require("../chassis/lifecycle");
const log_1 = require("../chassis/log");
const metrics_1 = require("../chassis/metrics");
const postgres_1 = require("../chassis/postgres");
const redis_1 = require("../chassis/redis");
const stop_times_1 = require("../chassis/stop-times");
const require_version_1 = require("../migrations/require-version");
const console_routes_1 = require("./console-routes");
const figures_metrics_1 = require("./figures-metrics");
const item_routes_1 = require("./item-routes");
const open_console_1 = require("./open-console");
const open_reading_1 = require("./open-reading");
const openapi_document_1 = require("./openapi-document");
const order_detail_routes_1 = require("./order-detail-routes");
const order_route_1 = require("./order-route");
const overview_routes_1 = require("./overview-routes");
const postponed_payments_1 = require("./postponed-payments");
const stuck_order_routes_1 = require("./stuck-order-routes");
const query_metrics_1 = require("./query-metrics");
const rebuild_figures_1 = require("./rebuild-figures");
const rehearsal_1 = require("./rehearsal");
const view_figures_1 = require("./view-figures");
const service = 'query-api';
const version = '0.1.0';
/** Of SHUTDOWN_TIMEOUT at most, kept for the connections after the HTTP server is drained. */
const closingShareMs = 2_000;
const openPool = async ({ config, log, releasers }) => {
    const pool = (0, postgres_1.createPool)({
        url: config.DATABASE_URL,
        applicationName: service,
        connectionsMax: config.DATABASE_POOL_MAX,
        avoidsScans: true,
    }, log);
    releasers.add('postgres', () => pool.end());
    await (0, require_version_1.requireDatabaseVersion)(pool, { log, timeoutMs: config.DEPLOY_WAIT });
    return pool;
};
const openDependencies = async (parts) => {
    const { config, log, releasers } = parts;
    const admin = (0, admin_1.createLogAdmin)((0, connection_1.kafkaConnectionOf)(config, service, log));
    releasers.add('kafka admin', () => admin.stop());
    const redis = (0, redis_1.connectRedisOrCluster)(config.REDIS_URL, log, config.REDIS_SSL_CA);
    releasers.add('redis', () => redis.disconnect());
    return { admin, redis, pool: await openPool(parts) };
};
/** What is in the views can be told without Kafka and Redis. */
const dependenciesOf = ({ admin, pool, redis }) => [
    {
        name: 'postgres',
        required: true,
        check: async () => {
            await pool.query('select 1');
        },
    },
    { ...(0, health_1.kafkaDependency)(admin), required: false },
    {
        name: 'redis',
        required: false,
        check: async () => {
            await redis.ping();
        },
    },
];
const openMetrics = (registry, { waiters, streams, feed, lag }) => {
    const metrics = (0, query_metrics_1.createQueryMetrics)(registry);
    metrics.watch({
        waiters: () => waiters.taken,
        streams: () => streams.taken,
        isListening: () => feed.isListening,
        lags: () => lag.all(),
    });
    return metrics;
};
const watchFigures = ({ log, registry, releasers }, pool) => {
    const figures = (0, figures_metrics_1.watchViewFigures)(() => (0, view_figures_1.readViewFigures)(pool, Date.now()), { metrics: registry, log });
    releasers.add('figures', () => figures.stop());
    const rebuilds = (0, figures_metrics_1.watchRebuilds)(() => (0, rebuild_figures_1.readRebuildFigures)(pool, Date.now()), { metrics: registry, log });
    releasers.add('rebuilds', () => rebuilds.stop());
};
const addressesOf = (config) => ({
    'command-api': config.COMMAND_API_URL,
    saga: config.SAGA_URL,
    projector: config.PROJECTOR_URL,
});
const createRoutes = ({ config, log, registry }, opened, stopping) => {
    const { app, reading, hub } = opened;
    const { pool, redis, admin } = opened.dependencies;
    const metrics = openMetrics(registry, reading);
    const identify = (0, identity_1.createIdentify)((0, identity_1.identitySettings)(config));
    const orders = new order_route_1.OrderRoute({ reader: reading.reader, identify, metrics, log });
    app.use((0, query_metrics_1.observeRoutes)(metrics));
    (0, order_detail_routes_1.mountOrderDetails)(app, {
        db: pool,
        reader: reading.reader,
        identify,
        lookup: reading.lookup,
        streamRoom: reading.streamRoom,
        streams: reading.streams,
        streamsMax: config.STREAMS_MAX,
        log,
        stopping,
    });
    orders.mount(app);
    (0, item_routes_1.mountItemRoutes)(app, pool, Date.now);
    (0, stuck_order_routes_1.mountStuckOrders)(app, {
        db: pool,
        redis,
        saleId: config.SALE_ID,
        findPostponed: (0, postponed_payments_1.postponedPayments)(admin, (0, reader_1.createLogReader)((0, connection_1.kafkaConnectionOf)(config, service, log))),
        adminToken: config.ADMIN_TOKEN,
        clock: Date.now,
    });
    (0, overview_routes_1.mountOverview)(app, { db: pool, adminToken: config.ADMIN_TOKEN, clock: Date.now });
    (0, console_routes_1.mountConsole)(app, hub, config.CONSOLE_COMMAND_ORIGIN);
    (0, documents_1.mountDocuments)(app, (0, openapi_document_1.openApiDocument)(config.AUTH_MODE));
    (0, app_1.mountErrors)(app, log);
    return (request, response) => {
        // Asked to reconnect while it still can, a client is not cut off when the listener closes.
        if (stopping.aborted)
            response.setHeader('Connection', 'close');
        if (!orders.front(request, response))
            app(request, response);
    };
};
/**
 * Starts the query API: waits for the migrations, rehearses, then listens. Kafka and Redis make its answers sharper and are not
 * waited for. Stopping goes the other way: not ready, those who wait are answered, drained, connections closed.
 * @throws when the migrations have not run within DEPLOY_WAIT.
 */
const start = async (config) => {
    const log = (0, log_1.createLog)(service, config.LOG_LEVEL);
    const registry = (0, metrics_1.createMetrics)(service, version);
    return (0, lifecycle_1.assemble)(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
        const parts = { config, log, registry, releasers };
        const dependencies = await openDependencies(parts);
        const reading = await (0, open_reading_1.openReading)(parts, dependencies);
        const health = (0, health_1.watchDependencies)(parts, dependenciesOf(dependencies));
        watchFigures(parts, dependencies.pool);
        const stopping = new AbortController();
        const app = (0, app_1.createApp)({ log, metrics: registry, health, isReady: () => !stopping.signal.aborted });
        const hub = (0, open_console_1.openConsole)(dependencies.pool, reading, { health, addresses: addressesOf(config) });
        const routes = createRoutes(parts, { app, dependencies, reading, hub }, stopping.signal);
        const { HOST: host, PORT: port, CONNECTIONS_MAX: connectionsMax } = config;
        const { graceMs, drainMs } = (0, stop_times_1.stopTimes)(config.SHUTDOWN_TIMEOUT, {
            graceMs: config.DRAIN_GRACE,
            closingMs: closingShareMs,
        });
        await (0, rehearsal_1.rehearse)(config.REHEARSAL_ANSWERS, log);
        const server = await (0, server_1.startHttpServer)(routes, { host, port, connectionsMax });
        releasers.add('http server', async () => {
            stopping.abort();
            await (0, deadline_1.pause)(graceMs);
            reading.stopWaiting();
            await hub.close();
            await server.drain(drainMs);
        });
        log.info(`listening on ${server.url}`, { event: 'started', url: server.url });
        return { url: server.url, stop: () => releasers.releaseAll() };
    });
};
exports.start = start;
//# sourceMappingURL=start.js.map