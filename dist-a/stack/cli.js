"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runCli = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const commander_1 = require("commander");
const choose_1 = require("./choose");
const compose_1 = require("./compose");
const down_1 = require("./down");
const logins_1 = require("./logins");
const own_session_1 = require("./own-session");
const postgres_1 = require("./postgres");
const project_root_1 = require("./project-root");
const ps_1 = require("./ps");
const server_files_1 = require("./server-files");
const services_1 = require("./services");
const settings_1 = require("./settings");
const stack_context_1 = require("./stack-context");
const supervise_1 = require("./supervise");
const up_1 = require("./up");
const up_docker_1 = require("./up-docker");
const contextOf = (environment) => {
    const settings = (0, settings_1.readStackSettings)(environment);
    return {
        root: (0, project_root_1.projectRoot)(),
        settings,
        environment,
        kind: (0, choose_1.chooseStack)(settings.STACK, choose_1.dockerAnswers),
        report: (line) => console.log(line),
    };
};
const onInterrupt = (act) => {
    let asked = false;
    const interrupted = () => {
        if (asked)
            process.exit(130);
        asked = true;
        act();
    };
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', interrupted);
};
const runUp = async (context, infrastructureOnly) => {
    if (context.settings.STACK_ACCESS === 'enforced' && context.kind !== 'local') {
        throw new stack_context_1.StackError(`STACK_ACCESS=enforced is for STACK=local; this stack is ${context.kind}.`);
    }
    if (context.kind === 'docker') {
        (0, up_docker_1.upInDocker)(context, infrastructureOnly);
        return;
    }
    const main = (0, node_path_1.join)((0, stack_context_1.foldersOf)(context.root).dist, 'stack', 'main.js');
    const again = [main, 'up-in-session', ...(infrastructureOnly ? ['--infra'] : [])];
    process.exitCode = await (0, own_session_1.runInOwnSession)(again, { ...context.environment, STACK: context.kind });
};
/** The rest of `up`, in the session that all of the stack shares; interrupted, too, when the outer part is killed. */
const runUpInSession = async (context, infrastructureOnly) => {
    const abort = new AbortController();
    onInterrupt(() => abort.abort());
    (0, own_session_1.onLauncherEnd)(() => abort.abort());
    await (0, up_1.up)(context, { infrastructureOnly, signal: abort.signal });
};
const runPs = async (context) => {
    if (context.kind === 'docker') {
        (0, compose_1.composePs)(context);
        return;
    }
    const rows = await (0, ps_1.processTable)((0, stack_context_1.foldersOf)(context.root).run, Date.now());
    console.log(rows.length === 0 ? 'Nothing is running. Start with: make up' : (0, ps_1.formatTable)(rows));
};
const runLogs = (context, name, { lines, follow }) => {
    if (context.kind === 'docker') {
        (0, compose_1.composeLogs)(context, name === undefined ? [] : [name], lines);
        return;
    }
    const { logs } = (0, stack_context_1.foldersOf)(context.root);
    const all = (0, node_fs_1.existsSync)(logs) ? (0, node_fs_1.readdirSync)(logs) : [];
    const files = all
        .filter((file) => name === undefined || file === `${name}.log`)
        .map((file) => (0, node_path_1.join)(logs, file));
    if (files.length === 0)
        throw new stack_context_1.StackError(name === undefined ? 'No logs yet.' : `No log of ${name}.`);
    (0, node_child_process_1.spawnSync)('tail', ['-n', String(lines), ...(follow ? ['-F'] : []), ...files], { stdio: 'inherit' });
};
/** Runs until it is told to stop; started by `up` with the variables of the running servers. */
const runSupervisor = (context) => {
    const { settings, environment } = context;
    const folders = (0, stack_context_1.foldersOf)(context.root);
    const read = (name) => environment[name] ?? '';
    const variables = {
        KAFKA_BROKERS: read('KAFKA_BROKERS'),
        SCHEMA_REGISTRY_URL: read('SCHEMA_REGISTRY_URL'),
        REDIS_URL: read('REDIS_URL'),
        DATABASE_URL: read('DATABASE_URL'),
    };
    const services = (0, services_1.serviceCommands)(settings, variables, folders, (0, logins_1.readLogins)(folders.logins));
    const supervisor = (0, supervise_1.supervise)(services, {
        runDir: folders.run,
        logDir: folders.logs,
        environment,
        stopTimeoutMs: settings.SHUTDOWN_TIMEOUT,
        report: (line) => console.log(`${new Date().toISOString()} ${line}`),
    });
    onInterrupt(() => void supervisor.stop().then(() => process.exit(0)));
};
const lineCount = (text) => {
    const lines = Number(text);
    if (!Number.isSafeInteger(lines) || lines < 0)
        throw new commander_1.InvalidArgumentError('It must be a whole number.');
    return lines;
};
/** The launcher's commands. A failure rejects; its message is meant for the person who typed the command. */
const runCli = async (argv, environment) => {
    const program = new commander_1.Command('stack').description('The servers and services of this checkout');
    program
        .command('up')
        .description('start what is not running and wait until it is ready')
        .option('--infra', 'only Kafka, Schema Registry, Redis and PostgreSQL', false)
        .action((options) => runUp(contextOf(environment), options.infra));
    program
        .command('down')
        .description('stop it; data stays')
        .action(() => (0, down_1.down)(contextOf(environment)));
    program
        .command('clean')
        .description('stop it and remove its data and logs')
        .action(() => (0, down_1.clean)(contextOf(environment), (data) => (0, postgres_1.removePostgresData)((0, node_path_1.join)(data, 'postgres'))));
    program
        .command('ps')
        .description('show its processes')
        .action(() => runPs(contextOf(environment)));
    program
        .command('logs [name]')
        .description('show the end of the logs and what is added')
        .option('-n, --lines <count>', 'how many lines to begin with', lineCount, 50)
        .option('--no-follow', 'end after those lines')
        .action((name, options) => runLogs(contextOf(environment), name, options));
    program
        .command('fetch')
        .description('download the servers, unless they are here')
        .action(async () => {
        await (0, server_files_1.fetchServers)((line) => console.log(line));
    });
    program
        .command('up-in-session', { hidden: true })
        .option('--infra', '', false)
        .action((options) => runUpInSession(contextOf(environment), options.infra));
    program
        .command('supervise', { hidden: true })
        .action(() => runSupervisor(contextOf({ ...environment, STACK: 'external' })));
    await program.parseAsync(argv, { from: 'user' });
};
exports.runCli = runCli;
//# sourceMappingURL=cli.js.map