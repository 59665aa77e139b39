"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.onLauncherEnd = exports.runInOwnSession = void 0;
const node_child_process_1 = require("node:child_process");
const node_net_1 = require("node:net");
const node_os_1 = require("node:os");
const passedOn = ['SIGINT', 'SIGTERM'];
/**
 * Runs a program of Node in a session of its own, with the output of this one, and gives the exit code to end with.
 * Where Linux shares a contended core between sessions first (sched_autogroup(7), the default of most distributions),
 * niceness and policies count among the processes of one session only: what the program starts can step back for one
 * another, and all of it has one share beside other programs. It outlives the shell that was typed in, too.
 *
 * The terminal's Ctrl-C stays within the terminal's session, so it is passed on.
 */
const runInOwnSession = async (args, environment) => {
    const child = (0, node_child_process_1.spawn)(process.execPath, args, {
        env: environment,
        detached: true,
        // Nothing is written to the pipe; see onLauncherEnd.
        stdio: ['pipe', 'inherit', 'inherit'],
    });
    const pass = (signal) => void child.kill(signal);
    for (const signal of passedOn)
        process.on(signal, pass);
    try {
        return await new Promise((resolve, reject) => {
            child.once('error', reject);
            child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? node_os_1.constants.signals[signal] : 0)));
        });
    }
    finally {
        for (const signal of passedOn)
            process.off(signal, pass);
    }
};
exports.runInOwnSession = runInOwnSession;
/**
 * For the program in its own session: acts when the process that runs it has ended, even by SIGKILL, because its
 * standard input is a pipe from there, and when nobody reads its output any more. It is not kept running by that, and
 * an output without a reader does not end it before it has stopped what it had started.
 */
const onLauncherEnd = (act) => {
    const { stdin, stdout, stderr } = process;
    stdin.once('close', act);
    stdin.resume();
    if (stdin instanceof node_net_1.Socket)
        stdin.unref();
    for (const stream of [stdin, stdout, stderr])
        stream.on('error', act);
};
exports.onLauncherEnd = onLauncherEnd;
//# sourceMappingURL=own-session.js.map