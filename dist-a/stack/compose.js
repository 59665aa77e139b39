"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.composeVariables = exports.composeLogs = exports.composePs = exports.composeDown = exports.composeUp = void 0;
const node_child_process_1 = require("node:child_process");
const ports_1 = require("./ports");
const stack_context_1 = require("./stack-context");
const tools_1 = require("./tools");
const everyProfile = ['all', 'observability', 'tools', 'load'].flatMap((name) => ['--profile', name]);
const requireCompose = () => {
    if ((0, node_child_process_1.spawnSync)('docker', ['compose', 'version'], { stdio: 'ignore' }).status !== 0) {
        throw new tools_1.MissingToolError('docker compose is missing: install Docker 25 or newer with its Compose plugin.');
    }
};
const compose = (context, args) => {
    requireCompose();
    const run = (0, node_child_process_1.spawnSync)('docker', ['compose', ...args], {
        cwd: context.root,
        env: {
            ...context.environment,
            ADMIN_TOKEN: context.settings.ADMIN_TOKEN,
        },
        stdio: 'inherit',
    });
    if (run.status !== 0)
        throw new stack_context_1.StackError(`docker compose ${args.join(' ')} failed.`);
};
/** Builds the image and starts all containers of the system, or the servers alone; waits for their health checks. */
const composeUp = (context, infrastructureOnly) => {
    const profile = ['--profile', infrastructureOnly ? 'infra' : 'all'];
    compose(context, [...profile, 'up', '--detach', '--wait', ...(infrastructureOnly ? [] : ['--build'])]);
};
exports.composeUp = composeUp;
const composeDown = (context, { removeData }) => compose(context, [...everyProfile, 'down', ...(removeData ? ['--volumes'] : [])]);
exports.composeDown = composeDown;
const composePs = (context) => compose(context, [...everyProfile, 'ps', '--all']);
exports.composePs = composePs;
const composeLogs = (context, names, lines) => compose(context, [...everyProfile, 'logs', '--follow', '--tail', String(lines), ...names]);
exports.composeLogs = composeLogs;
/** What the host reaches of the containers; the ports are the published ones. */
const composeVariables = ({ settings }) => ({
    KAFKA_BROKERS: `${ports_1.loopback}:${settings.KAFKA_PORT}`,
    SCHEMA_REGISTRY_URL: `http://${ports_1.loopback}:${settings.SCHEMA_REGISTRY_PORT}`,
    REDIS_URL: `redis://${ports_1.loopback}:${settings.REDIS_PORT}`,
    DATABASE_URL: `postgres://flash_sale:flash_sale@${ports_1.loopback}:${settings.POSTGRES_PORT}/flash_sale`,
});
exports.composeVariables = composeVariables;
//# sourceMappingURL=compose.js.map