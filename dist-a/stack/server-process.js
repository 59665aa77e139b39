"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.startServer = exports.logTail = exports.ServerStartError = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const deadline_1 = require("../chassis/deadline");
const tether_1 = require("./tether");
/** A server did not come up; the message ends with the last lines of its log. */
class ServerStartError extends Error {
    name = 'ServerStartError';
    server;
    constructor(server, why, logFile, options) {
        super(`${server} ${why}. The end of ${logFile}:\n${(0, exports.logTail)(logFile)}`, options);
        this.server = server;
    }
}
exports.ServerStartError = ServerStartError;
const tailLines = 15;
/** The last lines of a log, indented; a dash when there is none. */
const logTail = (logFile, lines = tailLines) => {
    try {
        const all = (0, node_fs_1.readFileSync)(logFile, 'utf8').trimEnd().split('\n');
        return all
            .slice(-lines)
            .map((line) => `    ${line}`)
            .join('\n');
    }
    catch {
        return '    -';
    }
};
exports.logTail = logTail;
const stopTimeoutMs = 15_000;
const probeEveryMs = 60;
const ended = (child) => child.exitCode !== null || child.signalCode !== null;
const launch = (command) => {
    (0, node_fs_1.mkdirSync)((0, node_path_1.dirname)(command.logFile), { recursive: true });
    const log = (0, node_fs_1.openSync)(command.logFile, 'a');
    try {
        return (0, node_child_process_1.spawn)(command.command, command.args, {
            detached: command.sharesSession !== true,
            stdio: ['ignore', log, log],
            ...(command.env && { env: command.env }),
            ...(command.cwd !== undefined && { cwd: command.cwd }),
            ...(command.uid !== undefined && { uid: command.uid, gid: command.gid }),
        });
    }
    finally {
        (0, node_fs_1.closeSync)(log);
    }
};
const untilAnswers = async (command, child, ready) => {
    const endsAtMs = performance.now() + ready.timeoutMs;
    let last;
    while (performance.now() < endsAtMs) {
        if (ended(child)) {
            const how = child.signalCode ?? `code ${child.exitCode ?? '?'}`;
            throw new ServerStartError(command.name, `ended with ${how} while starting`, command.logFile);
        }
        try {
            await ready.probe();
            return;
        }
        catch (error) {
            last = error;
            await (0, deadline_1.pause)(probeEveryMs);
        }
    }
    throw new ServerStartError(command.name, `did not answer on port ${ready.port} within ${ready.timeoutMs} ms`, command.logFile, { cause: last });
};
/**
 * Starts a server and waits until it answers.
 * @throws ServerStartError when it ends or stays silent; nothing of it runs then.
 */
const startServer = async (command, ready) => {
    const child = launch(command);
    const exited = new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.once('error', () => resolve());
    });
    const spawned = new Promise((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', (cause) => reject(new ServerStartError(command.name, `cannot be run (${cause.message})`, command.logFile, { cause })));
    });
    await spawned;
    const pid = child.pid ?? 0;
    const letGo = (0, tether_1.tether)(pid, command.stopSignal);
    child.unref();
    void exited.then(letGo);
    const kill = async (signal) => {
        child.kill(signal);
        if (signal === 'SIGSTOP' || signal === 'SIGCONT')
            return;
        await (0, deadline_1.withDeadline)(exited, stopTimeoutMs, `${command.name} after ${signal}`);
    };
    const stop = async () => {
        if (ended(child))
            return;
        child.kill('SIGCONT');
        await kill(command.stopSignal).catch(() => kill('SIGKILL'));
    };
    try {
        await untilAnswers(command, child, ready);
    }
    catch (error) {
        await stop();
        throw error;
    }
    const { name, logFile, stopSignal } = command;
    return { name, url: ready.url, port: ready.port, pid, logFile, stopSignal, stop, kill, letGo };
};
exports.startServer = startServer;
//# sourceMappingURL=server-process.js.map