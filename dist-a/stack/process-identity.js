"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isRunning = exports.identify = exports.startFromStat = void 0;
const node_child_process_1 = require("node:child_process");
const node_fs_1 = require("node:fs");
/**
 * State and start of a line of /proc/<pid>/stat: fields 3 and 22. The name in field 2 may hold spaces and brackets.
 * @returns undefined for a zombie: it has ended, and only its parent has not looked yet.
 */
const startFromStat = (stat) => {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
};
exports.startFromStat = startFromStat;
const startOf = (pid) => {
    if (process.platform === 'linux') {
        try {
            return (0, exports.startFromStat)((0, node_fs_1.readFileSync)(`/proc/${pid}/stat`, 'utf8'));
        }
        catch {
            return undefined;
        }
    }
    const ps = (0, node_child_process_1.spawnSync)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
    const line = ps.stdout.trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
};
/** The identity of a process that runs, else undefined. */
const identify = (pid) => {
    const startedAt = startOf(pid);
    return startedAt === undefined ? undefined : { pid, startedAt };
};
exports.identify = identify;
/** Whether that very process still runs, not another one with its number. */
const isRunning = ({ pid, startedAt }) => startOf(pid) === startedAt;
exports.isRunning = isRunning;
//# sourceMappingURL=process-identity.js.map