"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.start = void 0;
const health_1 = require("../chassis/health");
const app_1 = require("../chassis/http/app");
const server_1 = require("../chassis/http/server");
const admin_1 = require("../chassis/kafka/admin");
const connection_1 = require("../chassis/kafka/connection");
const consumer_1 = require("../chassis/kafka/consumer");
const producer_1 = require("../chassis/kafka/producer");
const step_back_1 = require("../chassis/kafka/step-back");
const lifecycle_1 = require("../chassis/lifecycle");
const log_1 = require("../chassis/log");
const metrics_1 = require("../chassis/metrics");
const tracing_1 = require("../chassis/tracing");
const postgres_1 = require("../chassis/postgres");
const require_version_1 = require("../migrations/require-version");
const open_contracts_1 = require("../schemas/open-contracts");
const topics_1 = require("../schemas/topics");
const park_1 = require("./park");
const projector_metrics_1 = require("./projector-metrics");
const view_router_1 = require("./view-router");
const service = 'projector';
const version = '0.1.0';
const topicsUsed = [
    topics_1.topics.orderRequests,
    topics_1.topics.orderOutcomes,
    topics_1.topics.stockAdjustments,
    topics_1.topics.orderDlq,
    topics_1.topics.deadLetterCommands,
];
const drainTimeoutMs = 2_000;
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
const openProducer = async ({ connection, releasers }) => {
    const producer = await (0, producer_1.createLogProducer)(connection, { recordBytesMax: topics_1.letterBytesMax });
    releasers.add('producer', () => producer.stop(drainTimeoutMs));
    return producer;
};
const dependenciesOf = ({ config }, admin, pool) => [
    (0, health_1.kafkaDependency)(admin),
    {
        name: 'postgres',
        required: true,
        check: async () => {
            await pool.query('select 1');
        },
    },
    (0, open_contracts_1.schemaRegistryDependency)(config.SCHEMA_REGISTRY_URL),
];
const openConsumer = (parts, router, ports, onFatal) => {
    const { config, connection, metrics } = parts;
    const consumer = (0, consumer_1.createGroupConsumer)(connection, {
        groupId: ports.groupId ?? service,
        topics: topicsUsed.map(({ name }) => name),
        recordsMax: view_router_1.projectorRecordsMax,
        startAt: (topic, partition) => router.next(topic, partition),
        onRecords: (0, step_back_1.stepBack)((records) => router.write(records), {
            upToMs: config.STEP_BACK_UP_TO,
            lag: () => consumer.lag(),
            onRest: (milliseconds) => metrics.rested(milliseconds),
        }),
        onFatal,
    });
    return consumer;
};
const openRouter = async (parts, admin, pool, ports) => {
    const { config, log, metrics } = parts;
    const codec = await (0, open_contracts_1.openContracts)(config, admin, { topics: topicsUsed, log, waitMs: config.DEPLOY_WAIT });
    const producer = await openProducer(parts);
    return (0, view_router_1.createViewRouter)({
        pool,
        codec,
        metrics,
        tracing: (0, tracing_1.openTracing)({ ...parts, service, version }),
        report: (0, park_1.createParking)(producer, (found) => metrics.undecodable(found)),
        ...(ports.atStep ? { atStep: ports.atStep } : {}),
    });
};
const openOperations = async ({ config, log, registry, releasers }, health, isReady) => {
    const app = (0, app_1.createApp)({ log, metrics: registry, health, isReady });
    (0, app_1.mountErrors)(app, log);
    const server = await (0, server_1.startHttpServer)(app, { host: config.HOST, port: config.PORT });
    releasers.add('http server', () => server.drain(drainTimeoutMs));
    return server.url;
};
/**
 * Starts the projector: waits for migrations, topics and schemas, then joins the group. Stopping leaves the group
 * first, so that another projector goes on at once; a batch under way is finished or rolled back.
 * @throws when the deploy steps have not run within DEPLOY_WAIT.
 */
const start = async (config, onFatal, ports = {}) => {
    const log = (0, log_1.createLog)(service, config.LOG_LEVEL);
    const registry = (0, metrics_1.createMetrics)(service, version);
    return (0, lifecycle_1.assemble)(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
        const connection = (0, connection_1.kafkaConnectionOf)(config, service, log);
        const metrics = (0, projector_metrics_1.createProjectorMetrics)(registry);
        const parts = { config, log, registry, releasers, connection, metrics };
        const admin = (0, admin_1.createLogAdmin)(connection);
        releasers.add('kafka admin', () => admin.stop());
        const pool = await openPool(parts);
        let isReady = false;
        const health = (0, health_1.watchDependencies)(parts, dependenciesOf(parts, admin, pool));
        const url = await openOperations(parts, health, () => isReady);
        const router = await openRouter(parts, admin, pool, ports);
        const consumer = openConsumer(parts, router, ports, onFatal);
        router.watch(consumer);
        releasers.add('consumer', async () => {
            isReady = false;
            await consumer.stop();
        });
        await consumer.start();
        isReady = true;
        log.info(`folding, operations on ${url}`, { event: 'started', url });
        return { url, stop: () => releasers.releaseAll() };
    });
};
exports.start = start;
//# sourceMappingURL=start.js.map