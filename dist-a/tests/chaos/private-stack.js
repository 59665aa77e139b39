"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startPrivateStack = exports.serverNames = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const class_archives_1 = require("../../stack/class-archives");
const kafka_1 = require("../../stack/kafka");
const ports_1 = require("../../stack/ports");
const postgres_1 = require("../../stack/postgres");
const redis_1 = require("../../stack/redis");
const registry_1 = require("../../stack/registry");
const server_files_1 = require("../../stack/server-files");
const brokers_1 = require("./brokers");
const managed_server_1 = require("./managed-server");
const small_disk_1 = require("./small-disk");
exports.serverNames = ['kafka', 'registry', 'redis', 'postgres'];
/** A server that was killed takes longer than one that was stopped, and longer still on a busy machine. */
const startTimeoutMs = 90_000;
/** The first broker is where a single one would be; the others have ports and data beside it. */
const planBrokers = async (first, { brokersCount = 1, kafkaSettings = {} }) => {
    const alone = () => (0, kafka_1.startKafka)({ ...first, settings: kafkaSettings });
    if (brokersCount === 1)
        return [new managed_server_1.ManagedServer('kafka', alone)];
    const ports = await Promise.all(Array.from({ length: brokersCount }, async (_, index) => ({
        port: index === 0 ? first.port : await (0, ports_1.freePort)(),
        controllerPort: await (0, ports_1.freePort)(),
    })));
    return ports.map(({ port }, index) => {
        const beside = index === 0 ? '' : `-${index + 1}`;
        const dataDir = `${first.dataDir}${beside}`;
        const settings = { ...(0, brokers_1.brokerSettings)(ports, index), ...kafkaSettings };
        return new managed_server_1.ManagedServer(`kafka${beside}`, () => (0, kafka_1.startKafka)({ ...first, port, dataDir, settings }));
    });
};
/** Starts all four. @throws the first failure, once the others are stopped. */
const startPrivateStack = async (options) => {
    const files = await (0, server_files_1.fetchServers)();
    await (0, class_archives_1.makeClassArchives)(files, () => undefined);
    const dataOf = (name) => (0, node_path_1.join)(options.folder, 'data', name);
    const place = async (name) => ({
        port: await (0, ports_1.claimPort)(0, 'PORT'),
        dataDir: dataOf(name),
        logFile: (0, node_path_1.join)(options.folder, 'logs', `${name}.log`),
        files,
        timeoutMs: startTimeoutMs,
        isShortLived: true,
    });
    const places = {
        kafka: await place('kafka'),
        registry: await place('registry'),
        redis: await place('redis'),
        postgres: await place('postgres'),
    };
    const brokers = await planBrokers(places.kafka, options);
    const servers = {
        registry: new managed_server_1.ManagedServer('registry', () => (0, registry_1.startRegistry)(places.registry)),
        redis: new managed_server_1.ManagedServer('redis', () => (0, redis_1.startRedis)({ ...places.redis, extraArgs: options.redisArgs ?? [] })),
        postgres: new managed_server_1.ManagedServer('postgres', () => (0, postgres_1.startPostgres)(places.postgres)),
    };
    const disks = new Map();
    for (const name of exports.serverNames) {
        const megabytes = options.diskMb?.[name];
        if (megabytes !== undefined)
            disks.set(name, (0, small_disk_1.mountSmallDisk)(dataOf(name), megabytes));
    }
    const all = [...brokers, ...Object.values(servers)];
    const stop = async () => {
        await Promise.allSettled(all.map((server) => server.destroy()));
        for (const disk of disks.values())
            disk.remove();
        (0, postgres_1.removePostgresData)(dataOf('postgres'));
        (0, node_fs_1.rmSync)((0, node_path_1.join)(options.folder, 'data'), { recursive: true, force: true });
    };
    const started = await Promise.allSettled(all.map((server) => server.start()));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed) {
        await stop();
        throw failed.reason;
    }
    return { kafka: brokers[0], ...servers, brokers, dataOf, disks, stop };
};
exports.startPrivateStack = startPrivateStack;
//# sourceMappingURL=private-stack.js.map