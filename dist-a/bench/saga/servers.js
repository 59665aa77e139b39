"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startBenchServers = exports.partitions = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const admin_1 = require("../../chassis/kafka/admin");
const connection_1 = require("../../chassis/kafka/connection");
const producer_1 = require("../../chassis/kafka/producer");
const reader_1 = require("../../chassis/kafka/reader");
const deploy_1 = require("../../schemas/deploy");
const event_codec_1 = require("../../schemas/event-codec");
const registry_client_1 = require("../../schemas/registry-client");
const kafka_1 = require("../../stack/kafka");
const redis_1 = require("../../stack/redis");
const registry_1 = require("../../stack/registry");
const temporary_folder_1 = require("../../tests/support/temporary-folder");
exports.partitions = 8;
const startBenchServers = async () => {
    const folder = (0, temporary_folder_1.temporaryFolder)();
    const place = (name) => ({
        port: 0,
        dataDir: (0, node_path_1.join)(folder, name),
        logFile: (0, node_path_1.join)(folder, `${name}.log`),
    });
    const [kafka, registry, redis] = await Promise.all([
        (0, kafka_1.startKafka)(place('kafka')),
        (0, registry_1.startRegistry)(place('registry')),
        (0, redis_1.startRedis)(place('redis')),
    ]);
    const connection = (0, connection_1.kafkaConnection)({ brokers: kafka.url.split(','), clientId: 'bench' });
    const admin = (0, admin_1.createLogAdmin)(connection);
    await (0, deploy_1.deployContracts)({
        admin,
        registry: (0, registry_client_1.createRegistryClient)(registry.url, 10_000),
        orderPartitions: exports.partitions,
        replicationFactor: 1,
        waitMs: 30_000,
        say: () => undefined,
    });
    const producer = await (0, producer_1.createLogProducer)(connection, { deadlineMs: 60_000, queueMax: 100_000 });
    return {
        folder,
        kafka,
        redis,
        registry,
        connection,
        admin,
        producer,
        reader: (0, reader_1.createLogReader)(connection),
        codec: await (0, event_codec_1.createEventCodec)({ registryUrl: registry.url }),
        stop: async () => {
            await producer.stop(5_000);
            await admin.stop();
            await Promise.allSettled([kafka, registry, redis].map((server) => server.stop()));
            (0, node_fs_1.rmSync)(folder, { recursive: true, force: true });
        },
    };
};
exports.startBenchServers = startBenchServers;
//# sourceMappingURL=servers.js.map