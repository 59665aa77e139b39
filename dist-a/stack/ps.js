"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.processTable = exports.formatTable = exports.formatUptime = void 0;
const process_identity_1 = require("./process-identity");
const readiness_1 = require("./readiness");
const run_records_1 = require("./run-records");
/** `4 s`, `3 min`, `2 h 5 min`, `3 d 4 h`: two units at most. */
const formatUptime = (milliseconds) => {
    const seconds = Math.floor(milliseconds / 1000);
    if (seconds < 60)
        return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60)
        return `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
};
exports.formatUptime = formatUptime;
const heading = {
    name: 'NAME',
    pid: 'PID',
    port: 'PORT',
    state: 'STATE',
    uptime: 'UPTIME',
    restarts: 'RESTARTS',
};
/** The rows as text, each column as wide as its widest cell. */
const formatTable = (rows) => {
    const all = [heading, ...rows];
    const columns = Object.keys(heading);
    const width = (column) => Math.max(...all.map((row) => row[column].length));
    const line = (row) => columns.map((column) => row[column].padEnd(width(column))).join('  ');
    return all.map((row) => line(row).trimEnd()).join('\n');
};
exports.formatTable = formatTable;
const stateOf = async (record) => {
    if (!(0, process_identity_1.isRunning)(record))
        return 'down';
    if (record.role !== 'service' || record.port === undefined)
        return 'running';
    return (await (0, readiness_1.isReady)(record.port)) ? 'ready' : 'not ready';
};
/** Every process of the stack with its state; an empty list when nothing was started. */
const processTable = async (runDir, nowMs) => Promise.all((0, run_records_1.readRecords)(runDir).map(async (record) => {
    const state = await stateOf(record);
    return {
        name: record.name,
        pid: String(record.pid),
        port: record.port === undefined ? '-' : String(record.port),
        state,
        uptime: state === 'down' ? '-' : (0, exports.formatUptime)(nowMs - record.sinceMs),
        restarts: String(record.restarts),
    };
}));
exports.processTable = processTable;
//# sourceMappingURL=ps.js.map