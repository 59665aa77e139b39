"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.keepToLane = exports.supervise = exports.inLanes = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
const ports_1 = require("../../stack/ports");
const tether_1 = require("../../stack/tether");
/** Work on several jobs at a time: each lane takes the next one that waits. */
const inLanes = async (jobs, lanesCount, work) => {
    const waiting = [...jobs];
    const goOn = async (lane) => {
        for (let job = waiting.shift(); job !== undefined; job = waiting.shift())
            await work(job, lane);
    };
    await Promise.all(Array.from({ length: lanesCount }, (_, lane) => goOn(lane)));
};
exports.inLanes = inLanes;
/** A supervisor of its own, so that no run's buyers and links wait for another run's plot. Resolves with how it ended. */
const supervise = ({ main, words, environment, logFile, timeoutMs }) => new Promise((resolve) => {
    const log = (0, node_fs_1.openSync)(logFile, 'a');
    const child = (0, node_child_process_1.spawn)(process.execPath, [main, ...words], {
        // The one that asks has looked already what is left to do.
        env: { ...process.env, PARALLEL: '1', AGAIN: '1', ...environment },
        stdio: ['ignore', log, log],
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
    });
    (0, node_fs_1.closeSync)(log);
    const letGo = (0, tether_1.tether)(child.pid ?? 0, 'SIGKILL');
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
        letGo();
        resolve(`the run's supervisor ended with ${code ?? signal ?? '?'}`);
    });
});
exports.supervise = supervise;
/** `1/3`: one of three supervisors on this machine, which shall not take each other's ports. */
const keepToLane = (lane) => {
    const [part, count] = (lane ?? '').split('/').map(Number);
    if (part !== undefined && count !== undefined)
        (0, ports_1.usePartOfPorts)(part, count);
};
exports.keepToLane = keepToLane;
//# sourceMappingURL=lanes.js.map