"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.parentOf = exports.cpuSecondsWithoutChildrenOf = exports.cpuSecondsOf = void 0;
const node_fs_1 = require("node:fs");
/** Linux counts CPU time in hundredths of a second for readers of /proc. */
const ticksPerSecond = 100;
const timesOf = (pid) => {
    try {
        const text = (0, node_fs_1.readFileSync)(`/proc/${pid}/stat`, 'utf8');
        // The name in parentheses may hold spaces; what follows it does not.
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        const seconds = (first) => (Number(fields[first]) + Number(fields[first + 1])) / ticksPerSecond;
        return { pid, parent: Number(fields[1]), ownSeconds: seconds(11), endedSeconds: seconds(13) };
    }
    catch {
        return undefined;
    }
};
/**
 * CPU seconds that a process and its children, those that have ended included, have used so far: what is left of a
 * measurement when other work shares the machine. Linux only; 0 elsewhere.
 */
const cpuSecondsOf = (pid) => {
    const root = timesOf(pid);
    if (root === undefined)
        return 0;
    const children = (0, node_fs_1.readdirSync)('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((name) => timesOf(Number(name)))
        .filter((times) => times?.parent === pid);
    return children.reduce((sum, times) => sum + (times?.ownSeconds ?? 0) + (times?.endedSeconds ?? 0), root.ownSeconds + root.endedSeconds);
};
exports.cpuSecondsOf = cpuSecondsOf;
/** Like `cpuSecondsOf`, but without the children that still run. */
const cpuSecondsWithoutChildrenOf = (pid) => {
    const times = timesOf(pid);
    return times === undefined ? 0 : times.ownSeconds + times.endedSeconds;
};
exports.cpuSecondsWithoutChildrenOf = cpuSecondsWithoutChildrenOf;
/** 0 when there is no such process. */
const parentOf = (pid) => timesOf(pid)?.parent ?? 0;
exports.parentOf = parentOf;
//# sourceMappingURL=cpu-seconds.js.map