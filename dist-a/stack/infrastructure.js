"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startInfrastructure = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const access_1 = require("./access");
const class_archives_1 = require("./class-archives");
const kafka_1 = require("./kafka");
const kafka_rights_1 = require("./kafka-rights");
const ports_1 = require("./ports");
const postgres_1 = require("./postgres");
const redis_1 = require("./redis");
const registry_1 = require("./registry");
const server_files_1 = require("./server-files");
const tools_1 = require("./tools");
/** Looked at before anything starts, so that a busy port is told at once. */
const claimAll = async (ports) => ({
    kafka: await (0, ports_1.claimPort)(ports.kafka, 'KAFKA_PORT'),
    registry: await (0, ports_1.claimPort)(ports.registry, 'SCHEMA_REGISTRY_PORT'),
    redis: await (0, ports_1.claimPort)(ports.redis, 'REDIS_PORT'),
    postgres: await (0, ports_1.claimPort)(ports.postgres, 'POSTGRES_PORT'),
});
const kafkaAccess = (logins) => logins ? (0, access_1.securedKafka)(logins.kafkaPort, logins.passwords) : {};
const redisAccess = (logins, dataDir) => {
    if (logins === undefined)
        return {};
    const aclFile = (0, node_path_1.join)(dataDir, 'users.acl');
    (0, node_fs_1.mkdirSync)(dataDir, { recursive: true });
    (0, node_fs_1.writeFileSync)(aclFile, (0, access_1.redisUsers)(logins.passwords, (0, tools_1.modernRedis)() !== undefined), { mode: 0o600 });
    return { extraArgs: ['--aclfile', aclFile] };
};
/**
 * Starts Kafka, the Schema Registry, Redis and PostgreSQL at once and waits for all of them.
 * @throws the first failure, once everything that had started is stopped again.
 */
const startInfrastructure = async (options) => {
    const { dataDir, logDir, logins, report = () => undefined } = options;
    const ports = await claimAll(options.ports);
    const files = await (0, server_files_1.fetchServers)(report, options.signal);
    await (0, class_archives_1.makeClassArchives)(files, report);
    const place = (name, logName = name) => ({
        port: ports[name],
        dataDir: (0, node_path_1.join)(dataDir, name),
        logFile: (0, node_path_1.join)(logDir, `${logName}.log`),
        files,
        isShortLived: options.isShortLived ?? false,
        sharesSession: options.sharesSession ?? false,
    });
    const told = async (starting) => {
        const server = await starting;
        report(`${server.name} answers on port ${server.port}`);
        return server;
    };
    const outcomes = await Promise.allSettled([
        told((0, kafka_1.startKafka)({ ...place('kafka'), ...kafkaAccess(logins) })),
        told((0, registry_1.startRegistry)(place('registry', 'schema-registry'))),
        told((0, redis_1.startRedis)({ ...place('redis'), ...redisAccess(logins, place('redis').dataDir) })),
        told((0, postgres_1.startPostgres)(place('postgres'))),
    ]);
    const servers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const stop = async () => {
        await Promise.allSettled(servers.map((server) => server.stop()));
    };
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    const [kafka, registry, redis, postgres] = servers;
    if (failed || !kafka || !registry || !redis || !postgres) {
        await stop();
        throw failed?.reason;
    }
    if (logins) {
        await (0, kafka_rights_1.grantRights)(logins).catch(async (error) => {
            await stop();
            throw error;
        });
    }
    const variables = {
        KAFKA_BROKERS: kafka.url,
        SCHEMA_REGISTRY_URL: registry.url,
        REDIS_URL: redis.url,
        DATABASE_URL: postgres.url,
    };
    return { variables, servers, stop };
};
exports.startInfrastructure = startInfrastructure;
//# sourceMappingURL=infrastructure.js.map