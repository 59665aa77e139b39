"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.tether = void 0;
const node_child_process_1 = require("node:child_process");
/**
 * Ties a process to this one: a shell waits on a pipe from here, which closes when this process ends, even by
 * SIGKILL, and then ends the other. So an interrupted test run or `up` leaves no broker behind.
 * Gives back what unties it.
 */
const tether = (pid, stopSignal) => {
    const script = 'cat >/dev/null; kill -s "$1" "$2"; sleep 5; kill -s KILL "$2"';
    const shell = (0, node_child_process_1.spawn)('sh', ['-c', script, 'tether', stopSignal.replace('SIG', ''), String(pid)], {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
    });
    shell.unref();
    shell.on('error', () => undefined);
    shell.stdin.on('error', () => undefined);
    shell.stdin.unref();
    return () => {
        if (shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null)
            return;
        // The group, so that `cat` goes with its shell.
        process.kill(-shell.pid, 'SIGKILL');
    };
};
exports.tether = tether;
//# sourceMappingURL=tether.js.map