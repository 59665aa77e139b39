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
const producer_1 = require("../chassis/kafka/producer");
const lifecycle_1 = require("../chassis/lifecycle");
const log_1 = require("../chassis/log");
const metrics_1 = require("../chassis/metrics");
const stop_times_1 = require("../chassis/stop-times");
const tracing_1 = require("../chassis/tracing");
const redis_1 = require("../chassis/redis");
const worker_metrics_1 = require("../chassis/worker-metrics");
const open_contracts_1 = require("../schemas/open-contracts");
const topics_1 = require("../schemas/topics");
const admin_routes_1 = require("./admin-routes");
const buy_route_1 = require("./buy-route");
const circuit_breaker_1 = require("./circuit-breaker");
const command_metrics_1 = require("./command-metrics");
const command_path_1 = require("./command-path");
const committed_stock_1 = require("./committed-stock");
const openapi_document_1 = require("./openapi-document");
const letter_routes_1 = require("./letters/letter-routes");
const open_letters_1 = require("./letters/open-letters");
const redis_admission_1 = require("./redis-admission");
const watch_items_1 = require("./watch-items");
const service = 'command-api';
const version = '0.1.0';
const topicsUsed = [topics_1.topics.orderRequests, topics_1.topics.stockAdjustments, topics_1.topics.deadLetterCommands];
/** With Redis's 0.5 s before it and 0.4 s after it a request is answered within 2.9 s; a buyer waits 3 s at most. */
const sendDeadlineMs = 2_000;
/** Two builds in turn at 128 connections: with this and 3 ms to Redis 12,615 accepted/s, with 3 and 2 ms 12,156. */
const requestEveryMs = 5;
/** A process that starts while Redis is away serves without it; this only spares the first requests the fallback. */
const redisWaitMs = 2_000;
/** Of SHUTDOWN_TIMEOUT at most, kept for the producer and Redis after the HTTP server is drained. */
const closingShareMs = 4_000;
const breakerOf = ({ config, log }) => new circuit_breaker_1.CircuitBreaker({
    failureThreshold: config.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
    successThreshold: config.CIRCUIT_BREAKER_SUCCESS_THRESHOLD,
    baseTimeoutMs: config.CIRCUIT_BREAKER_BASE_TIMEOUT,
    maxTimeoutMs: config.CIRCUIT_BREAKER_MAX_TIMEOUT,
}, () => performance.now(), (state, pauseMs) => log.warn(`the breaker around Kafka is ${state}`, {
    event: 'circuit_breaker',
    state,
    pause_ms: pauseMs,
}));
const openProducer = async ({ config, releasers }, connection) => {
    const producer = await (0, producer_1.createLogProducer)(connection, {
        deadlineMs: sendDeadlineMs,
        everyMs: 3,
        /** Above what CommandPath lets through, so that overload is refused there and never looks like a fault of Kafka. */
        queueMax: config.IN_FLIGHT_MAX + 1,
    });
    releasers.add('producer', () => producer.stop(sendDeadlineMs));
    return producer;
};
const openRedis = async ({ config, log, releasers }) => {
    const redis = (0, redis_1.connectRedisOrCluster)(config.REDIS_URL, log, config.REDIS_SSL_CA);
    releasers.add('redis', () => redis.disconnect());
    await (0, redis_1.redisReady)(redis, redisWaitMs).catch((error) => log.warn('starting without Redis', { event: 'redis_away', error }));
    return redis;
};
/** Without Redis and the registry it accepts as well. */
const dependenciesOf = ({ config }, admin, redis) => [
    (0, health_1.kafkaDependency)(admin),
    {
        name: 'redis',
        required: false,
        check: async () => {
            await redis.ping();
        },
    },
    (0, open_contracts_1.schemaRegistryDependency)(config.SCHEMA_REGISTRY_URL),
];
const openCommands = async (parts, redis, connection, opened) => {
    const { config, log, registry } = parts;
    const metrics = (0, command_metrics_1.createCommandMetrics)(registry);
    const producer = await openProducer(parts, connection);
    const admission = new redis_admission_1.RedisAdmission(redis, {
        limits: { requestsMax: config.RATE_LIMIT_MAX_REQUESTS, windowMs: config.RATE_LIMIT_WINDOW },
        windowKeys: `{${config.SALE_ID}}:window`,
        idempotencyTtlMs: config.IDEMPOTENCY_TTL,
        log,
        onAway: () => metrics.admittedWithoutRedis.inc(),
    });
    const breaker = breakerOf(parts);
    const path = new command_path_1.CommandPath({
        admission,
        producer,
        breaker,
        inFlightMax: config.IN_FLIGHT_MAX,
        ...opened.ports,
    });
    (0, command_metrics_1.createCommandGauges)(registry, {
        breakerState: () => breaker.state,
        inFlight: () => path.inFlight,
        logQueue: () => producer.queued,
    });
    const committed = (itemId) => (0, committed_stock_1.readCommitted)(redis, config.SALE_ID, itemId);
    return { path, breaker, codec: opened.codec, metrics, items: opened.items, committed };
};
const createRoutes = ({ config, log, tracing }, app, { path, codec, metrics, items, committed }, desk) => {
    const common = { saleId: config.SALE_ID, path, codec, metrics, log, clock: Date.now };
    const queryUrl = config.PUBLIC_QUERY_URL.replace(/\/+$/, '');
    const buy = new buy_route_1.BuyRoute({
        ...common,
        tracing,
        saleOf: (itemId) => items.ledger.saleOf(itemId),
        identify: (0, identity_1.createIdentify)((0, identity_1.identitySettings)(config)),
        answers: {
            queryUrl,
            limits: { requestsMax: config.RATE_LIMIT_MAX_REQUESTS, windowMs: config.RATE_LIMIT_WINDOW },
        },
    });
    app
        .route(buy_route_1.buyPath)
        .post((request, response) => buy.handle(request, response))
        .all((0, app_1.onlyMethods)('POST'));
    const { ADMIN_TOKEN: adminToken, CONSOLE_ORIGIN: consoleOrigin } = config;
    (0, admin_routes_1.mountAdminRoutes)(app, { ...common, items, committed, adminToken });
    (0, letter_routes_1.mountLetterRoutes)(app, { desk, metrics, log, adminToken, queryUrl, consoleOrigin });
    (0, documents_1.mountDocuments)(app, (0, openapi_document_1.openApiDocument)(config.AUTH_MODE));
    (0, app_1.mountErrors)(app, log);
    return (request, response) => {
        if (!buy.front(request, response))
            app(request, response);
    };
};
const warnOfOpenDoors = ({ config, log }) => {
    if (config.AUTH_MODE === 'none') {
        log.warn('buyers are not authenticated: user_id in the body is believed (AUTH_MODE=none)', {
            event: 'auth_off',
        });
    }
    if (config.ADMIN_TOKEN === undefined) {
        log.warn('operators’ commands are off: ADMIN_TOKEN is not set', { event: 'admin_off' });
    }
};
/**
 * Starts the command API: waits for topics and schemas, then for Kafka's and briefly for Redis's connection, then
 * listens. Stopping goes the other way: not ready, drained, what is in flight acknowledged, connections closed.
 * @throws ContractsError when topics or schemas are not as this version needs them.
 */
const start = async (config, ports = {}) => {
    const log = (0, log_1.createLog)(service, config.LOG_LEVEL);
    const registry = (0, metrics_1.createMetrics)(service, version);
    return (0, lifecycle_1.assemble)(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
        const tracing = (0, tracing_1.openTracing)({ service, version, config, registry, log, releasers });
        const parts = { config, log, registry, releasers, tracing };
        const connection = (0, connection_1.kafkaConnectionOf)(config, service, log);
        const admin = (0, admin_1.createLogAdmin)(connection);
        releasers.add('kafka admin', () => admin.stop());
        const codec = await (0, open_contracts_1.openContracts)(config, admin, { topics: topicsUsed, log });
        const items = await (0, watch_items_1.openItems)(parts, connection, { admin, codec });
        const redis = await openRedis(parts);
        const commands = await openCommands(parts, redis, connection, { codec, items, ports });
        const desk = await (0, open_letters_1.openLetters)(parts, { connection, admin, codec, path: commands.path });
        const health = (0, health_1.watchDependencies)(parts, dependenciesOf(parts, admin, redis));
        let isStopping = false;
        const app = (0, app_1.createApp)({
            log,
            metrics: (0, worker_metrics_1.metricsOfAllWorkers)(registry),
            health,
            isReady: () => !isStopping,
            healthExtras: () => ({ circuit_breaker_state: commands.breaker.state }),
        });
        const server = await (0, server_1.startHttpServer)(createRoutes(parts, app, commands, desk), {
            host: config.HOST,
            port: config.PORT,
            connectionsMax: config.CONNECTIONS_MAX,
        });
        const { graceMs, drainMs } = (0, stop_times_1.stopTimes)(config.SHUTDOWN_TIMEOUT, {
            graceMs: config.DRAIN_GRACE,
            closingMs: closingShareMs,
        });
        releasers.add('http server', async () => {
            isStopping = true;
            await (0, deadline_1.pause)(graceMs);
            await server.drain(drainMs);
        });
        warnOfOpenDoors(parts);
        log.info(`listening on ${server.url}`, { event: 'started', url: server.url });
        return { url: server.url, stop: () => releasers.releaseAll() };
    });
};
exports.start = start;
//# sourceMappingURL=start.js.map