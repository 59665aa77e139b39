"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.cpuTable = exports.microsPerOrder = exports.cpuOfStackWith = exports.cpuOfStack = void 0;
const stack_context_1 = require("../../stack/stack-context");
const project_root_1 = require("../../stack/project-root");
const run_records_1 = require("../../stack/run-records");
const cpu_seconds_1 = require("../cpu-seconds");
const report_1 = require("./report");
const isSupervisor = (name) => name === 'supervisor';
/**
 * Of every process of the running stack, and of this one with generators that have ended: servers that it runs itself are no
 * part of the generator. Servers in containers are not seen.
 */
const cpuOfStack = () => {
    const records = (0, run_records_1.readRecords)((0, stack_context_1.foldersOf)((0, project_root_1.projectRoot)()).run).filter(({ name }) => !isSupervisor(name));
    const stack = records.map(({ name, pid }) => [name, (0, cpu_seconds_1.cpuSecondsOf)(pid)]);
    return new Map([...stack, ['generator', (0, cpu_seconds_1.cpuSecondsWithoutChildrenOf)(process.pid)]]);
};
exports.cpuOfStack = cpuOfStack;
/** With a command API of the bench's own in the place of the stack's, which stands still meanwhile. */
const cpuOfStackWith = (pid) => new Map([...(0, exports.cpuOfStack)(), ['command-api', (0, cpu_seconds_1.cpuSecondsOf)(pid)]]);
exports.cpuOfStackWith = cpuOfStackWith;
/** Microseconds of CPU for each of `count` orders, by process. */
const microsPerOrder = (before, after, count) => new Map([...after].map(([name, seconds]) => [name, ((seconds - (before.get(name) ?? 0)) * 1e6) / count]));
exports.microsPerOrder = microsPerOrder;
/** The table of what an order costs where, dearest first, one column for each number of connections. */
const cpuTable = (runs) => {
    const columns = [...new Set(runs.map(({ connections }) => connections))];
    const names = [...new Set(runs.flatMap(({ micros }) => [...micros.keys()]))];
    const cell = (name, connections) => (0, report_1.median)(runs.filter((run) => run.connections === connections).map((run) => run.micros.get(name) ?? 0));
    const rows = names
        .map((name) => ({ name, cells: columns.map((column) => cell(name, column)) }))
        .sort((a, b) => Math.max(...b.cells) - Math.max(...a.cells));
    const sums = columns.map((_, at) => rows.reduce((sum, { cells }) => sum + (cells[at] ?? 0), 0));
    const line = (name, cells) => `  ${name.padEnd(18)}${cells.map((value) => value.toFixed(1).padStart(8)).join('')}`;
    return [
        `CPU µs an accepted order, median of the rounds, at ${columns.join(', ')} connections`,
        ...rows.map(({ name, cells }) => line(name, cells)),
        line('all', sums),
    ].join('\n');
};
exports.cpuTable = cpuTable;
//# sourceMappingURL=processes.js.map