"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startChaosSystem = exports.twoOfEach = exports.kafkaRoles = exports.roles = void 0;
const node_child_process_1 = require("node:child_process");
const node_path_1 = require("node:path");
const node_util_1 = require("node:util");
const ports_1 = require("../../stack/ports");
const kafka_proxy_1 = require("../support/kafka-proxy");
const managed_process_1 = require("./managed-process");
const private_stack_1 = require("./private-stack");
const tcp_proxy_1 = require("./tcp-proxy");
exports.roles = ['payment-simulator', 'saga', 'projector', 'query-api', 'command-api'];
/** Roles that talk to Kafka, each over a link of its own. */
exports.kafkaRoles = ['saga', 'projector', 'query-api', 'command-api'];
exports.twoOfEach = {
    'payment-simulator': 1,
    saga: 2,
    projector: 2,
    'query-api': 2,
    'command-api': 2,
};
const mains = {
    'payment-simulator': 'saga/payment-simulator/main.js',
    saga: 'saga/main.js',
    projector: 'projector/main.js',
    'query-api': 'query-api/main.js',
    'command-api': 'command-api/main.js',
};
const adminToken = 'token-of-the-chaos-run';
const deployTimeoutMs = 90_000;
const run = (0, node_util_1.promisify)(node_child_process_1.execFile);
const addressOf = (url) => new URL(url.includes('://') ? url : `tcp://${url}`).host;
const addressesOf = (servers) => servers.map(({ url }) => url).join(',');
const openLinks = async (stack, paymentAddress, random) => {
    const tcp = (address, name) => (0, tcp_proxy_1.startTcpProxy)(address, random.fork(`link ${name}`).next);
    const kafka = [];
    for (const role of exports.kafkaRoles)
        kafka.push([role, await (0, kafka_proxy_1.startKafkaProxy)(stack.kafka.url)]);
    const links = {
        kafka: Object.fromEntries(kafka),
        sagaRedis: await tcp(addressOf(stack.redis.url), 'saga-redis'),
        apiRedis: await tcp(addressOf(stack.redis.url), 'api-redis'),
        projectorPostgres: await tcp(addressOf(stack.postgres.url), 'projector-postgres'),
        queryPostgres: await tcp(addressOf(stack.postgres.url), 'query-postgres'),
        registry: await tcp(addressOf(stack.registry.url), 'registry'),
        payment: await tcp(paymentAddress, 'payment'),
    };
    const close = async () => {
        const { sagaRedis, apiRedis, projectorPostgres, queryPostgres, registry, payment } = links;
        const tcpProxies = [sagaRedis, apiRedis, projectorPostgres, queryPostgres, registry, payment];
        const proxies = [...tcpProxies, ...kafka.map(([, proxy]) => proxy)];
        await Promise.all(proxies.map((proxy) => proxy.stop()));
    };
    return { links, close };
};
const withPort = (url, port) => {
    const moved = new URL(url);
    moved.port = String(port);
    return moved.toString().replace(/\/$/, '');
};
/** What each role is told: its own links instead of the servers. */
const environmentOf = (role, stack, links) => {
    const isQuery = role === 'query-api';
    const isSaga = role === 'saga';
    const firstBroker = role === 'payment-simulator' ? stack.kafka.url : links.kafka[role].address;
    const otherBrokers = stack.brokers.slice(1).map(({ url }) => url);
    const postgres = isQuery ? links.queryPostgres : links.projectorPostgres;
    return {
        KAFKA_BROKERS: [firstBroker, ...otherBrokers].join(','),
        SCHEMA_REGISTRY_URL: withPort(stack.registry.url, links.registry.port),
        REDIS_URL: withPort(stack.redis.url, (isSaga ? links.sagaRedis : links.apiRedis).port),
        DATABASE_URL: withPort(stack.postgres.url, postgres.port),
        PAYMENT_URL: `http://127.0.0.1:${links.payment.port}`,
    };
};
const common = {
    HOST: '127.0.0.1',
    ADMIN_TOKEN: adminToken,
    LOG_LEVEL: 'info',
    SHUTDOWN_TIMEOUT: '8s',
    RATE_LIMIT_MAX_REQUESTS: '100000',
    // A second of CPU at each start, for crowds that no run has.
    REHEARSAL_ANSWERS: '0',
    // The defaults (30 s and 300 s) spare a cluster of many; the bounds of a run are seconds.
    CIRCUIT_BREAKER_BASE_TIMEOUT: '500ms',
    CIRCUIT_BREAKER_MAX_TIMEOUT: '2s',
    PAYMENT_LATENCY: '15ms',
    // The simulator shares two cores with everything else: 500 calls at once would all outlast their deadline.
    PAYMENT_IN_FLIGHT_MAX: '60',
    PAYMENT_DECLINE_RATE: '0.08',
};
const deploy = async (dist, stack, environment) => {
    const env = {
        ...process.env,
        ...environment,
        KAFKA_BROKERS: addressesOf(stack.brokers),
        SCHEMA_REGISTRY_URL: stack.registry.url,
        DATABASE_URL: stack.postgres.url,
    };
    const steps = [['migrations/main.js', 'up'], ['schemas/main.js']];
    await Promise.all(steps.map(([main = '', ...more]) => run(process.execPath, [(0, node_path_1.join)(dist, main), ...more], { env, timeout: deployTimeoutMs })));
};
const planProcesses = async (options, ports, stack, links) => {
    const { folder, dist, counts, onExit } = options;
    const processes = new Map();
    for (const role of exports.roles) {
        for (let number = 1; number <= counts[role]; number += 1) {
            const name = `${role}-${number}`;
            const port = ports.get(name) ?? 0;
            const environment = {
                ...process.env,
                ...common,
                ...environmentOf(role, stack, links),
                ...options.environment,
                PORT: String(port),
                SCHEMA_CACHE_FILE: (0, node_path_1.join)(folder, `${name}.schemas.json`),
                PAYMENT_JOURNAL_FILE: (0, node_path_1.join)(folder, 'payments.jsonl'),
                FAILPOINT_FILE: (0, node_path_1.join)(folder, `${name}.failpoint`),
            };
            const logFile = (0, node_path_1.join)(folder, 'logs', `${name}.log`);
            const main = options.entries?.[role] ?? (0, node_path_1.join)(dist, mains[role]);
            const failpointFile = environment.FAILPOINT_FILE;
            const plan = { name, main, port, environment, logFile, failpointFile };
            processes.set(name, new managed_process_1.ManagedProcess(plan, { onExit }));
        }
    }
    return processes;
};
/** Starts servers, links and every instance, and waits until all are ready. */
const startChaosSystem = async (options) => {
    const stack = await (0, private_stack_1.startPrivateStack)(options);
    const ports = new Map();
    for (const role of exports.roles) {
        for (let number = 1; number <= options.counts[role]; number += 1) {
            ports.set(`${role}-${number}`, await (0, ports_1.claimPort)(0, 'PORT'));
        }
    }
    const payment = `127.0.0.1:${ports.get('payment-simulator-1') ?? 0}`;
    const { links, close } = await openLinks(stack, payment, options.random);
    const processes = await planProcesses(options, ports, stack, links);
    const all = () => [...processes.values()];
    let halting;
    const halt = () => (halting ??= Promise.allSettled(all().map((one) => one.hold('SIGKILL'))).then(close));
    const stop = async () => {
        await halt();
        await stack.stop();
    };
    const ready = async () => {
        await Promise.all(all().map((one) => one.ready()));
    };
    const system = {
        stack,
        links,
        adminToken,
        saleId: 'sale',
        direct: {
            KAFKA_BROKERS: addressesOf(stack.brokers),
            SCHEMA_REGISTRY_URL: stack.registry.url,
            REDIS_URL: stack.redis.url,
            DATABASE_URL: stack.postgres.url,
        },
        journalFile: (0, node_path_1.join)(options.folder, 'payments.jsonl'),
        folder: options.folder,
        instances: (role) => all().filter(({ name }) => name.startsWith(`${role}-`)),
        instance: (name) => {
            const found = processes.get(name);
            if (!found)
                throw new Error(`there is no ${name}`);
            return found;
        },
        all,
        ready,
        halt,
        stop,
    };
    try {
        await deploy(options.dist, stack, options.environment);
        for (const one of all())
            one.launch();
        await ready();
    }
    catch (error) {
        await stop();
        throw error;
    }
    return system;
};
exports.startChaosSystem = startChaosSystem;
//# sourceMappingURL=chaos-system.js.map