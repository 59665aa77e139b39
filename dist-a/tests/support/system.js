"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startSystem = exports.serviceNames = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const node_util_1 = require("node:util");
const infrastructure_1 = require("../../stack/infrastructure");
const kafka_1 = require("../../stack/kafka");
const ports_1 = require("../../stack/ports");
const postgres_1 = require("../../stack/postgres");
const project_root_1 = require("../../stack/project-root");
const redis_1 = require("../../stack/redis");
const server_process_1 = require("../../stack/server-process");
const temporary_folder_1 = require("./temporary-folder");
exports.serviceNames = ['payment-simulator', 'saga', 'projector', 'query-api', 'command-api'];
const serverStarters = { kafka: kafka_1.startKafka, redis: redis_1.startRedis, postgres: postgres_1.startPostgres };
const mains = {
    'payment-simulator': 'saga/payment-simulator/main.js',
    saga: 'saga/main.js',
    projector: 'projector/main.js',
    'query-api': 'query-api/main.js',
    'command-api': 'command-api/main.js',
};
const adminToken = 'token-of-the-test';
const readyTimeoutMs = 60_000;
const deployTimeoutMs = 60_000;
const run = (0, node_util_1.promisify)(node_child_process_1.execFile);
const dist = (main) => {
    const file = (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'dist', main);
    if (!(0, node_fs_1.existsSync)(file))
        throw new Error(`dist/${main} is missing: run \`make build\` before the end-to-end tests`);
    return file;
};
const isReady = async (port) => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
    if (!answer.ok)
        throw new Error(`/readyz says ${answer.status}`);
};
const startService = (name, plan) => {
    const port = plan.ports.get(name) ?? 0;
    return (0, server_process_1.startServer)({
        name,
        command: process.execPath,
        args: ['--enable-source-maps', dist(mains[name])],
        env: {
            ...plan.environment,
            PORT: String(port),
            SCHEMA_CACHE_FILE: (0, node_path_1.join)(plan.folder, `${name}.schemas.json`),
            PAYMENT_JOURNAL_FILE: (0, node_path_1.join)(plan.folder, 'payments.jsonl'),
        },
        logFile: (0, node_path_1.join)(plan.folder, 'logs', `${name}.log`),
        stopSignal: 'SIGTERM',
    }, { url: `http://127.0.0.1:${port}`, port, timeoutMs: readyTimeoutMs, probe: () => isReady(port) });
};
const urlOf = (ports, name) => `http://127.0.0.1:${ports.get(name) ?? 0}`;
const environmentOf = (infrastructure, ports, more) => ({
    ...process.env,
    ...infrastructure.variables,
    HOST: '127.0.0.1',
    ADMIN_TOKEN: adminToken,
    PAYMENT_URL: urlOf(ports, 'payment-simulator'),
    RATE_LIMIT_MAX_REQUESTS: '100000',
    REHEARSAL_ANSWERS: '0',
    ...(typeof more === 'function' ? more((name) => urlOf(ports, name)) : more),
});
const deploy = async (environment) => {
    await Promise.all([['migrations/main.js', 'up'], ['schemas/main.js']].map(([main = '', ...args]) => run(process.execPath, [dist(main), ...args], { env: environment, timeout: deployTimeoutMs })));
};
/**
 * Starts servers on free ports, deploys tables, topics and schemas, and starts the five processes.
 * @param more such as `PAYMENT_DECLINE_RATE`
 */
const startSystem = async (more = {}) => {
    const folder = (0, temporary_folder_1.temporaryFolder)();
    const dataDir = (0, node_path_1.join)(folder, 'data');
    const infrastructure = await (0, infrastructure_1.startInfrastructure)({
        ports: { kafka: 0, registry: 0, redis: 0, postgres: 0 },
        dataDir,
        logDir: (0, node_path_1.join)(folder, 'logs'),
        // Not for a benchmark, which wants the compiler's best.
        isShortLived: process.env['JEST_WORKER_ID'] !== undefined,
    });
    const ports = new Map();
    for (const name of exports.serviceNames)
        ports.set(name, await (0, ports_1.claimPort)(0, 'PORT'));
    const plan = { ports, environment: environmentOf(infrastructure, ports, more), folder };
    const running = new Map();
    const restarted = [];
    const stopServer = async (name) => {
        const server = [...restarted, ...infrastructure.servers].find((one) => one.name === name);
        if (!server)
            throw new Error(`${name} does not run`);
        await server.stop();
        const { port, logFile } = server;
        return async () => {
            restarted.unshift(await serverStarters[name]({ port, logFile, dataDir: (0, node_path_1.join)(dataDir, name) }));
        };
    };
    const stop = async () => {
        for (const name of [...exports.serviceNames].reverse())
            await running.get(name)?.stop();
        await Promise.all(restarted.map((server) => server.stop()));
        await infrastructure.stop();
        (0, postgres_1.removePostgresData)((0, node_path_1.join)(dataDir, 'postgres'));
        (0, node_fs_1.rmSync)(folder, { recursive: true, force: true });
    };
    const restart = async (name) => {
        const started = await startService(name, plan);
        running.set(name, started);
        return started;
    };
    try {
        await deploy(plan.environment);
        await Promise.all(exports.serviceNames.map(restart));
    }
    catch (error) {
        await stop();
        throw error;
    }
    return {
        infrastructure,
        commandUrl: urlOf(ports, 'command-api'),
        queryUrl: urlOf(ports, 'query-api'),
        journalUrl: `${urlOf(ports, 'payment-simulator')}/journal`,
        adminToken,
        process: (name) => {
            const found = running.get(name);
            if (!found)
                throw new Error(`${name} does not run`);
            return found;
        },
        restart,
        stopServer,
        stop,
    };
};
exports.startSystem = startSystem;
//# sourceMappingURL=system.js.map