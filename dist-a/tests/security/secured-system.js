"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startSecuredSystem = exports.tellsReads = exports.adminToken = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const node_util_1 = require("node:util");
const access_1 = require("../../stack/access");
const infrastructure_1 = require("../../stack/infrastructure");
const logins_1 = require("../../stack/logins");
const ports_1 = require("../../stack/ports");
const project_root_1 = require("../../stack/project-root");
const server_process_1 = require("../../stack/server-process");
const services_1 = require("../../stack/services");
const settings_1 = require("../../stack/settings");
const tools_1 = require("../../stack/tools");
const run = (0, node_util_1.promisify)(node_child_process_1.execFile);
const deployTimeoutMs = 90_000;
const readyTimeoutMs = 90_000;
exports.adminToken = 'token-of-the-test';
/** Whether this machine's Redis can give a right to read and not to write. */
exports.tellsReads = (0, tools_1.modernRedis)() !== undefined;
const dist = (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'dist');
const portVariables = [
    'COMMAND_API_PORT',
    'QUERY_API_PORT',
    'SAGA_PORT',
    'PROJECTOR_PORT',
    'PAYMENT_SIMULATOR_PORT',
];
const deploy = async (variables, logins) => {
    const env = { ...process.env, ...variables, ...(0, logins_1.loginVariables)(logins, access_1.brokerUser, variables.REDIS_URL) };
    for (const { main, args } of services_1.deploySteps) {
        await run(process.execPath, [(0, node_path_1.join)(dist, main), ...args], { env, timeout: deployTimeoutMs });
    }
};
const startService = async (own, { name, args, port, environment }) => {
    const { logFile } = own.place(name);
    const env = { ...process.env, ...environment };
    const probe = async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
        if (!answer.ok)
            throw new Error(`/readyz says ${answer.status}`);
    };
    const command = { name, command: process.execPath, args, env, logFile, stopSignal: 'SIGTERM' };
    const ready = { url: `http://127.0.0.1:${port}`, port, timeoutMs: readyTimeoutMs, probe };
    await own.keep((0, server_process_1.startServer)(command, ready));
};
/** What `STACK_ACCESS=enforced make up` starts, on free ports: a user for each service, and only the rights that it needs. */
const startSecuredSystem = async (own) => {
    const logins = await (0, logins_1.newLogins)(['stranger']);
    // The place of PostgreSQL, so that its data is removed; the others lie beside it.
    const folder = (0, node_path_1.dirname)(own.place('postgres').dataDir);
    const { variables, servers } = await (0, infrastructure_1.startInfrastructure)({
        ports: { kafka: 0, registry: 0, redis: 0, postgres: 0 },
        dataDir: folder,
        logDir: folder,
        isShortLived: true,
        logins,
    });
    for (const server of servers)
        await own.keep(Promise.resolve(server));
    await deploy(variables, logins);
    const ports = await Promise.all(portVariables.map(async (name) => [name, String(await (0, ports_1.freePort)())]));
    const settings = (0, settings_1.readStackSettings)({ ...Object.fromEntries(ports), ADMIN_TOKEN: exports.adminToken });
    const cache = (0, node_path_1.join)(folder, 'cache');
    (0, node_fs_1.mkdirSync)(cache);
    const services = (0, services_1.serviceCommands)(settings, variables, { dist, cache, data: folder }, logins);
    await Promise.all(services.map((service) => startService(own, service)));
    return {
        broker: `127.0.0.1:${logins.kafkaPort}`,
        openBroker: variables.KAFKA_BROKERS,
        redisUrlOf: (user) => user === undefined ? variables.REDIS_URL : (0, logins_1.redisUrlAs)(logins, user, variables.REDIS_URL),
        saslOf: (username) => ({
            mechanism: 'plain',
            username,
            password: logins.passwords[username] ?? '',
        }),
        urlOf: (service) => `http://127.0.0.1:${services.find(({ name }) => name === service)?.port ?? 0}`,
    };
};
exports.startSecuredSystem = startSecuredSystem;
//# sourceMappingURL=secured-system.js.map