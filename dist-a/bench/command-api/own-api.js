"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startOwnApi = void 0;
const node_child_process_1 = require("node:child_process");
const node_path_1 = require("node:path");
const deadline_1 = require("../../chassis/deadline");
const ports_1 = require("../../stack/ports");
const services_1 = require("../../stack/services");
const startWithinMs = 30_000;
/**
 * Starts the command API of the build in the folder `dist` as the stack starts its own, with `settings` over the
 * environment's. The caller ends it. @throws when it is not ready within 30 s.
 */
const startOwnApi = async (dist, settings = {}) => {
    const port = await (0, ports_1.freePort)();
    const main = (0, node_path_1.join)((0, node_path_1.resolve)(dist), 'command-api', 'main.js');
    const child = (0, node_child_process_1.spawn)(process.execPath, [...services_1.acceptingArgs, main], {
        env: { ...process.env, ...settings, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error' },
        stdio: ['ignore', 'ignore', 'inherit'],
    });
    const url = `http://127.0.0.1:${port}`;
    const endsAtMs = performance.now() + startWithinMs;
    while (performance.now() < endsAtMs) {
        const ready = await fetch(`${url}/readyz`).catch(() => undefined);
        if (ready?.ok)
            return { url, child };
        await (0, deadline_1.pause)(100);
    }
    child.kill('SIGTERM');
    throw new Error(`${main} is not ready`);
};
exports.startOwnApi = startOwnApi;
//# sourceMappingURL=own-api.js.map