"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.up = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const access_1 = require("./access");
const choose_1 = require("./choose");
const deploy_1 = require("./deploy");
const down_1 = require("./down");
const infrastructure_1 = require("./infrastructure");
const logins_1 = require("./logins");
const ports_1 = require("./ports");
const process_identity_1 = require("./process-identity");
const readiness_1 = require("./readiness");
const run_records_1 = require("./run-records");
const services_1 = require("./services");
const summary_1 = require("./summary");
const stack_context_1 = require("./stack-context");
const tether_1 = require("./tether");
const readyTimeoutMs = 60_000;
const serverStopTimeoutMs = 15_000;
const recordServer = (runDir, server) => {
    const identity = (0, process_identity_1.identify)(server.pid);
    if (!identity)
        throw new stack_context_1.StackError(`${server.name} ended right after it had started.`);
    (0, run_records_1.writeRecord)(runDir, {
        ...identity,
        name: server.name,
        role: 'server',
        port: server.port,
        logFile: server.logFile,
        stopSignal: server.stopSignal,
        stopTimeoutMs: serverStopTimeoutMs,
        sinceMs: Date.now(),
        restarts: 0,
    });
};
const startServers = async (context, logins, signal) => {
    if (context.kind === 'external') {
        return { variables: (0, choose_1.externalVariables)(context.environment), letGo: () => undefined };
    }
    const { settings, report } = context;
    const { data, logs, run } = (0, stack_context_1.foldersOf)(context.root);
    const { variables, servers } = await (0, infrastructure_1.startInfrastructure)({
        ports: {
            kafka: settings.KAFKA_PORT,
            registry: settings.SCHEMA_REGISTRY_PORT,
            redis: settings.REDIS_PORT,
            postgres: settings.POSTGRES_PORT,
        },
        dataDir: data,
        logDir: logs,
        report,
        logins,
        sharesSession: true,
        signal,
    });
    servers.forEach((server) => recordServer(run, server));
    return { variables, letGo: () => servers.forEach((server) => server.letGo()) };
};
/** The supervisor is this program again, with the hidden command `supervise`. Gives back what lets it go. */
const startSupervisor = (context, services, environment) => {
    const { dist, logs, run } = (0, stack_context_1.foldersOf)(context.root);
    (0, node_fs_1.mkdirSync)(logs, { recursive: true });
    const logFile = (0, node_path_1.join)(logs, 'supervisor.log');
    const log = (0, node_fs_1.openSync)(logFile, 'a');
    const child = (0, node_child_process_1.spawn)(process.execPath, [(0, node_path_1.join)(dist, 'stack', 'main.js'), 'supervise'], {
        env: environment,
        stdio: ['ignore', log, log],
    });
    (0, node_fs_1.closeSync)(log);
    child.unref();
    const identity = child.pid === undefined ? undefined : (0, process_identity_1.identify)(child.pid);
    if (!identity)
        throw new stack_context_1.StackError('The supervisor could not be started.');
    (0, run_records_1.writeRecord)(run, {
        ...identity,
        name: 'supervisor',
        role: 'supervisor',
        port: undefined,
        logFile,
        stopSignal: 'SIGTERM',
        stopTimeoutMs: services.length * context.settings.SHUTDOWN_TIMEOUT,
        sinceMs: Date.now(),
        restarts: 0,
    });
    return (0, tether_1.tether)(identity.pid, 'SIGTERM');
};
const startServices = async (context, { variables, logins }, signal) => {
    const { environment, settings, root, report } = context;
    if (logins)
        (0, logins_1.writeLogins)((0, stack_context_1.foldersOf)(root).logins, logins);
    const services = (0, services_1.serviceCommands)(settings, variables, (0, stack_context_1.foldersOf)(root), logins);
    report(`Starting ${services.map(({ name }) => name).join(', ')}`);
    const letGo = startSupervisor(context, services, { ...environment, ...variables });
    const wait = { runDir: (0, stack_context_1.foldersOf)(root).run, timeoutMs: readyTimeoutMs, signal };
    await Promise.all(services.map(async (service) => {
        await (0, readiness_1.untilReady)(service, wait);
        report(`${service.name} is ready on port ${service.port}`);
    }));
    return letGo;
};
/** All ports are looked at before anything starts, so that a busy one costs no waiting. */
const claimServicePorts = async ({ settings, root }) => {
    const none = { KAFKA_BROKERS: '', SCHEMA_REGISTRY_URL: '', REDIS_URL: '', DATABASE_URL: '' };
    for (const { port, portVariable } of (0, services_1.serviceCommands)(settings, none, (0, stack_context_1.foldersOf)(root))) {
        await (0, ports_1.claimPort)(port, portVariable);
    }
};
const startAll = async (context, options) => {
    const { cache, data, run, variables: variablesFile } = (0, stack_context_1.foldersOf)(context.root);
    if (!options.infrastructureOnly)
        await claimServicePorts(context);
    for (const folder of [cache, data])
        (0, node_fs_1.mkdirSync)(folder, { recursive: true });
    const logins = context.settings.STACK_ACCESS === 'enforced' ? await (0, logins_1.newLogins)() : undefined;
    const servers = await startServers(context, logins, options.signal);
    const { variables } = servers;
    if (options.signal.aborted)
        throw new stack_context_1.StackError('Interrupted.');
    const asBroker = logins && (0, logins_1.loginVariables)(logins, access_1.brokerUser, variables.REDIS_URL);
    await (0, deploy_1.deploy)(context, { ...context.environment, ...variables, ...asBroker }, options.signal);
    const letServicesGo = options.infrastructureOnly
        ? () => undefined
        : await startServices(context, { variables, logins }, options.signal);
    (0, node_fs_1.mkdirSync)(run, { recursive: true });
    (0, node_fs_1.writeFileSync)(variablesFile, (0, summary_1.shellVariables)(context.settings, variables), { mode: 0o600 });
    servers.letGo();
    letServicesGo();
};
/**
 * Starts everything that is not running and waits until it is ready; says so when all is running already. What it starts
 * stays in the session of this process, which should be one of its own: see own-session.ts.
 * @throws when something does not come up; what it had started is stopped by then.
 */
const up = async (context, options) => {
    const { run, variables } = (0, stack_context_1.foldersOf)(context.root);
    const records = (0, run_records_1.readRecords)(run);
    if (records.length > 0) {
        if (records.every(process_identity_1.isRunning)) {
            context.report('Already running:\n' + (0, summary_1.summary)(context.settings, options.infrastructureOnly));
            return;
        }
        context.report('Stopping what is left of an earlier run');
        await (0, down_1.stopRecordedProcesses)(context);
    }
    const startedAtMs = performance.now();
    try {
        await startAll(context, options);
    }
    catch (error) {
        (0, node_fs_1.rmSync)(variables, { force: true });
        if ((0, run_records_1.readRecords)(run).length > 0) {
            context.report('It did not start; stopping what had started');
            await (0, down_1.stopRecordedProcesses)(context);
        }
        throw error;
    }
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    context.report(`Up in ${seconds} s.\n${(0, summary_1.summary)(context.settings, options.infrastructureOnly)}`);
};
exports.up = up;
//# sourceMappingURL=up.js.map