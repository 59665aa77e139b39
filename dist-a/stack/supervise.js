"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.supervise = exports.restartPauseMs = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const deadline_1 = require("../chassis/deadline");
const process_identity_1 = require("./process-identity");
const run_records_1 = require("./run-records");
/** sysexits(3): a bad environment stays bad, so the service is not started again. */
const exitConfig = 78;
const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** A service that ran this long had started well: its next end is a new story. */
const settledMs = 30_000;
/** How long to wait before the n-th start in a row: 0.5, 1, 2, 4, 8, 10, 10 … seconds. */
const restartPauseMs = (failuresInRow) => Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failuresInRow, 10));
exports.restartPauseMs = restartPauseMs;
const endOf = (child) => new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
});
/** `nice` and `chrt` become the process they start, so that every thread of it steps back, and its id stays. */
const commandOf = ({ niceness, args }) => {
    if (niceness === 0)
        return [process.execPath, args];
    const node = [process.execPath, ...args];
    return niceness === 'idle'
        ? ['chrt', ['--idle', '0', ...node]]
        : ['nice', ['-n', String(niceness), ...node]];
};
const spawnLogged = (service, logFile, options) => {
    const log = (0, node_fs_1.openSync)(logFile, 'a');
    try {
        const [command, args] = commandOf(service);
        return (0, node_child_process_1.spawn)(command, args, {
            env: { ...options.environment, ...service.environment },
            stdio: ['ignore', log, log],
        });
    }
    finally {
        (0, node_fs_1.closeSync)(log);
    }
};
/** One service, started again whenever it ends, until `stop`. */
class Supervised {
    child;
    stopping = new AbortController();
    finished;
    service;
    options;
    logFile;
    constructor(service, options) {
        this.service = service;
        this.options = options;
        this.logFile = (0, node_path_1.join)(options.logDir, `${service.name}.log`);
        this.finished = this.keepRunning();
    }
    /** Resolves when the service has ended, at the latest a moment after its deadline. */
    async stop() {
        this.stopping.abort();
        this.child?.kill('SIGTERM');
        const timer = setTimeout(() => this.child?.kill('SIGKILL'), this.options.stopTimeoutMs);
        await this.finished;
        clearTimeout(timer);
        (0, run_records_1.removeRecord)(this.options.runDir, this.service.name);
        this.options.report(`${this.service.name} stopped`);
    }
    stopped() {
        return this.stopping.signal.aborted;
    }
    async keepRunning() {
        let failuresInRow = 0;
        for (let restarts = 0; !this.stopped(); restarts += 1) {
            const startedAtMs = performance.now();
            const ending = await this.runOnce(restarts);
            if (this.stopped())
                return;
            const how = ending.signal ?? `code ${ending.code ?? '?'}`;
            if (ending.code === exitConfig) {
                this.options.report(`${this.service.name} ended with ${how}: its settings are wrong, it stays down`);
                return;
            }
            failuresInRow = performance.now() - startedAtMs > settledMs ? 0 : failuresInRow + 1;
            const pauseMs = (0, exports.restartPauseMs)(failuresInRow - 1);
            this.options.report(`${this.service.name} ended with ${how}; starting it again in ${pauseMs} ms`);
            await (0, deadline_1.pause)(pauseMs, this.stopping.signal);
        }
    }
    async runOnce(restarts) {
        const child = spawnLogged(this.service, this.logFile, this.options);
        this.child = child;
        const ending = endOf(child);
        const identity = child.pid === undefined ? undefined : (0, process_identity_1.identify)(child.pid);
        if (identity) {
            (0, run_records_1.writeRecord)(this.options.runDir, {
                ...identity,
                name: this.service.name,
                role: 'service',
                port: this.service.port,
                logFile: this.logFile,
                stopSignal: 'SIGTERM',
                stopTimeoutMs: this.options.stopTimeoutMs,
                sinceMs: Date.now(),
                restarts,
            });
        }
        return ending;
    }
}
/** Keeps services running: they are crash-only, and end with codes 70 to 72 to be started again in a known state. */
const supervise = (services, options) => {
    (0, node_fs_1.mkdirSync)(options.logDir, { recursive: true });
    const running = services.map((service) => new Supervised(service, options));
    return {
        async stop() {
            for (const one of [...running].reverse())
                await one.stop();
        },
    };
};
exports.supervise = supervise;
//# sourceMappingURL=supervise.js.map