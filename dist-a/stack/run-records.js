"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.stopRecorded = exports.readRecords = exports.removeRecord = exports.writeRecord = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const deadline_1 = require("../chassis/deadline");
const process_identity_1 = require("./process-identity");
const ending = '.json';
/** Written aside and renamed, so that a reader never sees half a record. */
const writeRecord = (runDir, record) => {
    (0, node_fs_1.mkdirSync)(runDir, { recursive: true });
    const path = (0, node_path_1.join)(runDir, `${record.name}${ending}`);
    (0, node_fs_1.writeFileSync)(`${path}.new`, JSON.stringify(record));
    (0, node_fs_1.renameSync)(`${path}.new`, path);
};
exports.writeRecord = writeRecord;
const removeRecord = (runDir, name) => (0, node_fs_1.rmSync)((0, node_path_1.join)(runDir, `${name}${ending}`), { force: true });
exports.removeRecord = removeRecord;
/** All records, oldest process first; none when nothing was ever started. */
const readRecords = (runDir) => {
    let names;
    try {
        names = (0, node_fs_1.readdirSync)(runDir).filter((name) => name.endsWith(ending));
    }
    catch {
        return [];
    }
    return names
        .map((name) => JSON.parse((0, node_fs_1.readFileSync)((0, node_path_1.join)(runDir, name), 'utf8')))
        .sort((a, b) => a.sinceMs - b.sinceMs);
};
exports.readRecords = readRecords;
const pollMs = 50;
const killTimeoutMs = 5000;
const gone = async (record, timeoutMs) => {
    const endsAtMs = performance.now() + timeoutMs;
    while ((0, process_identity_1.isRunning)(record)) {
        if (performance.now() >= endsAtMs)
            return false;
        await (0, deadline_1.pause)(pollMs);
    }
    return true;
};
const signal = (pid, name) => {
    try {
        process.kill(pid, name);
    }
    catch {
        // It ended in between; the caller looks again.
    }
};
/** Stops the very process of a record within its deadline; another process with its number is left alone. */
const stopRecorded = async (record) => {
    if (!(0, process_identity_1.isRunning)(record))
        return 'was not running';
    signal(record.pid, record.stopSignal);
    // One that was halted by SIGSTOP takes the signal only when it goes on.
    signal(record.pid, 'SIGCONT');
    if (await gone(record, record.stopTimeoutMs))
        return 'stopped';
    signal(record.pid, 'SIGKILL');
    return (await gone(record, killTimeoutMs)) ? 'killed' : 'does not end';
};
exports.stopRecorded = stopRecorded;
//# sourceMappingURL=run-records.js.map