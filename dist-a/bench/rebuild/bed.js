"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startBed = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const admin_1 = require("../../chassis/kafka/admin");
const connection_1 = require("../../chassis/kafka/connection");
const producer_1 = require("../../chassis/kafka/producer");
const log_1 = require("../../chassis/log");
const postgres_1 = require("../../chassis/postgres");
const migrate_1 = require("../../migrations/migrate");
const deploy_1 = require("../../schemas/deploy");
const event_codec_1 = require("../../schemas/event-codec");
const registry_client_1 = require("../../schemas/registry-client");
const infrastructure_1 = require("../../stack/infrastructure");
const ports_1 = require("../../stack/ports");
const postgres_2 = require("../../stack/postgres");
const server_process_1 = require("../../stack/server-process");
const temporary_folder_1 = require("../../tests/support/temporary-folder");
const order_events_1 = require("../order-events");
const readyWithinMs = 60_000;
const isReady = async (url) => {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    if (!answer.ok)
        throw new Error(`/readyz says ${answer.status}`);
};
const deploy = async (brokers, registryUrl) => {
    const admin = (0, admin_1.createLogAdmin)((0, connection_1.kafkaConnection)({ brokers: brokers.split(','), clientId: 'bench' }));
    await (0, deploy_1.deployContracts)({
        admin,
        registry: (0, registry_client_1.createRegistryClient)(registryUrl, 10_000),
        orderPartitions: order_events_1.orderPartitions,
        replicationFactor: 1,
        waitMs: 30_000,
        say: () => undefined,
    });
    await admin.stop();
};
const startBed = async () => {
    const folder = (0, temporary_folder_1.temporaryFolder)();
    const infrastructure = await (0, infrastructure_1.startInfrastructure)({
        ports: { kafka: 0, registry: 0, redis: 0, postgres: 0 },
        dataDir: (0, node_path_1.join)(folder, 'data'),
        logDir: (0, node_path_1.join)(folder, 'logs'),
    });
    const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl, DATABASE_URL } = infrastructure.variables;
    await deploy(brokers, registryUrl);
    const pool = (0, postgres_1.createPool)({ url: DATABASE_URL, applicationName: 'bench', connectionsMax: 2 }, log_1.silentLog);
    await (0, migrate_1.migrate)(pool, { log: log_1.silentLog, lockWaitMs: 1_000 });
    const connection = (0, connection_1.kafkaConnection)({ brokers: brokers.split(','), clientId: 'bench' });
    const producer = await (0, producer_1.createLogProducer)(connection, { deadlineMs: 30_000 });
    const environment = { ...process.env, ...infrastructure.variables, HOST: '127.0.0.1', LOG_LEVEL: 'warn' };
    const services = [];
    return {
        pool,
        producer,
        codec: await (0, event_codec_1.createEventCodec)({ registryUrl }),
        environment,
        startService: async (name, main) => {
            const port = await (0, ports_1.claimPort)(0, 'PORT');
            const url = `http://127.0.0.1:${port}`;
            const service = await (0, server_process_1.startServer)({
                name,
                command: process.execPath,
                args: [(0, node_path_1.join)(__dirname, '../..', main)],
                env: { ...environment, PORT: String(port), SCHEMA_CACHE_FILE: (0, node_path_1.join)(folder, `${name}.json`) },
                logFile: (0, node_path_1.join)(folder, `${name}.log`),
                stopSignal: 'SIGTERM',
            }, { url, port, timeoutMs: readyWithinMs, probe: () => isReady(url) });
            services.push(service);
            return service;
        },
        stop: async () => {
            await Promise.allSettled(services.map((service) => service.stop()));
            await producer.stop(2_000);
            await pool.end();
            await infrastructure.stop();
            (0, postgres_2.removePostgresData)((0, node_path_1.join)(folder, 'data', 'postgres'));
            (0, node_fs_1.rmSync)(folder, { recursive: true, force: true });
        },
    };
};
exports.startBed = startBed;
//# sourceMappingURL=bed.js.map