"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const admin_1 = require("../chassis/kafka/admin");
const connection_1 = require("../chassis/kafka/connection");
const consumer_1 = require("../chassis/kafka/consumer");
const producer_1 = require("../chassis/kafka/producer");
const reader_1 = require("../chassis/kafka/reader");
const log_1 = require("../chassis/log");
const metrics_1 = require("../chassis/metrics");
const postgres_1 = require("../chassis/postgres");
const migrate_1 = require("../migrations/migrate");
const stalled_1 = require("../migrations/rebuilds/stalled");
const today_1 = require("../migrations/views/today");
const orders_projection_1 = require("../projector/orders-projection");
const projector_metrics_1 = require("../projector/projector-metrics");
const commands_1 = require("../projector/rebuild/commands");
const view_router_1 = require("../projector/view-router");
const deploy_1 = require("../schemas/deploy");
const event_codec_1 = require("../schemas/event-codec");
const registry_client_1 = require("../schemas/registry-client");
const topics_1 = require("../schemas/topics");
const infrastructure_1 = require("../stack/infrastructure");
const postgres_2 = require("../stack/postgres");
const temporary_folder_1 = require("../tests/support/temporary-folder");
const meter_1 = require("./meter");
const order_events_1 = require("./order-events");
const raw_inserts_1 = require("./raw-inserts");
/**
 * Events a second of the projector, live from a backlog and in a rebuild, beside raw inserts of the same rows in the
 * same run. Servers of its own, on this machine's cores, so their work counts too. Usage: node …/projector.js [orders]
 */
const orders = Number(process.argv[2] ?? '500000');
const foldLive = async (connection, pool, codec) => {
    const metrics = (0, projector_metrics_1.createProjectorMetrics)((0, metrics_1.createMetrics)('bench', '0'));
    const router = (0, view_router_1.createViewRouter)({ pool, codec, metrics, report: async () => undefined });
    let folded = 0;
    let finish = () => undefined;
    const finished = new Promise((resolve) => {
        finish = resolve;
    });
    const consumer = (0, consumer_1.createGroupConsumer)(connection, {
        groupId: 'bench',
        topics: [topics_1.topics.orderRequests.name, topics_1.topics.orderOutcomes.name],
        recordsMax: view_router_1.projectorRecordsMax,
        startAt: (topic, partition) => router.next(topic, partition),
        onRecords: async (records) => {
            const done = await router.write(records);
            folded += done;
            if (folded === orders * 2)
                finish();
            return done;
        },
        onFatal: (code, reason) => {
            throw new Error(`the consumer ended with ${code}`, { cause: reason });
        },
    });
    await consumer.start();
    await finished;
    await consumer.stop();
};
const main = async () => {
    const folder = (0, temporary_folder_1.temporaryFolder)();
    const infrastructure = await (0, infrastructure_1.startInfrastructure)({
        ports: { kafka: 0, registry: 0, redis: 0, postgres: 0 },
        dataDir: (0, node_path_1.join)(folder, 'data'),
        logDir: (0, node_path_1.join)(folder, 'logs'),
    });
    const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL } = infrastructure.variables;
    const connection = (0, connection_1.kafkaConnection)({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench' });
    const pool = (0, postgres_1.createPool)({ url: DATABASE_URL, applicationName: 'bench', connectionsMax: 8, statementTimeoutMs: 600_000 }, log_1.silentLog);
    const admin = (0, admin_1.createLogAdmin)(connection);
    try {
        const registry = (0, registry_client_1.createRegistryClient)(SCHEMA_REGISTRY_URL, 10_000);
        await (0, deploy_1.deployContracts)({
            admin,
            registry,
            orderPartitions: order_events_1.orderPartitions,
            replicationFactor: 1,
            waitMs: 30_000,
            say: () => undefined,
        });
        await (0, migrate_1.migrate)(pool, { log: log_1.silentLog, lockWaitMs: 1_000 });
        const codec = await (0, event_codec_1.createEventCodec)({ registryUrl: SCHEMA_REGISTRY_URL });
        const producer = await (0, producer_1.createLogProducer)(connection, { deadlineMs: 30_000 });
        const events = orders * 2;
        const meter = await (0, meter_1.createMeter)(pool);
        await meter('produced (not what is measured)', events, () => (0, order_events_1.appendOrders)(producer, codec, orders));
        await producer.stop(5_000);
        await meter('live projector from a backlog, events', events, () => foldLive(connection, pool, codec));
        const rebuild = new commands_1.ViewRebuild({
            stalledAfterMs: stalled_1.stalledAfterMs,
            pool,
            reader: (0, reader_1.createLogReader)(connection),
            admin,
            projection: (0, orders_projection_1.createOrdersProjection)(codec, async () => undefined),
            shape: today_1.viewsToday.orders,
            onProgress: () => undefined,
            say: () => undefined,
            signal: new AbortController().signal,
            clock: Date.now,
        });
        const step = async (what, count, work) => {
            let outcome;
            await meter(what, count, async () => {
                outcome = await work();
            });
            if (outcome?.kind !== 'done')
                throw new Error(`${what}: ${JSON.stringify(outcome)}`);
        };
        await step('rebuild, indexes included, events', events, () => rebuild.start());
        await step('verify, orders', orders, () => rebuild.verify());
        await step('switch', 1, () => rebuild.switch(false));
        await (0, raw_inserts_1.measureRaw)(pool, meter, { events, folder: (0, node_path_1.join)(folder, 'data', 'postgres') });
    }
    finally {
        await admin.stop();
        await pool.end();
        await infrastructure.stop();
        (0, postgres_2.removePostgresData)((0, node_path_1.join)(folder, 'data', 'postgres'));
        (0, node_fs_1.rmSync)(folder, { recursive: true, force: true });
    }
};
main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
//# sourceMappingURL=projector.js.map