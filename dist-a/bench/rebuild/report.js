"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.tableOf = exports.phasesOf = void 0;
const reads_1 = require("../query-api/reads");
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
/** When the command said what it had done: before the rebuild, each of its steps, after it. */
const phasesOf = (replay, fromMs, toMs) => {
    const saidAt = (start, otherwise) => replay.lines.find(({ text }) => text.startsWith(start))?.atMs ?? otherwise;
    const builtAtMs = saidAt('built', replay.endedAtMs);
    const verifiedAtMs = saidAt('verified', builtAtMs);
    return [
        { name: 'before', fromMs, toMs: replay.startedAtMs },
        { name: 'building', fromMs: replay.startedAtMs, toMs: builtAtMs },
        { name: 'verifying', fromMs: builtAtMs, toMs: verifiedAtMs },
        { name: 'switching', fromMs: verifiedAtMs, toMs: replay.endedAtMs },
        { name: 'after', fromMs: replay.endedAtMs, toMs },
    ];
};
exports.phasesOf = phasesOf;
/** One line a phase: how long it took and how long readers waited in it. */
const tableOf = (phases, reads) => phases
    .map(({ name, fromMs, toMs }) => {
    const took = reads
        .filter(({ dueAtMs }) => dueAtMs >= fromMs && dueAtMs < toMs)
        .map(({ tookMs }) => tookMs);
    const wait = (share) => `${(0, reads_1.percentileOf)(took, share).toFixed(1)} ms`.padStart(10);
    return [
        name.padEnd(10),
        seconds(toMs - fromMs).padStart(8),
        `${took.length} reads`.padStart(14),
        `p50 ${wait(0.5)}`,
        `p99 ${wait(0.99)}`,
        `worst ${wait(1)}`,
    ].join('  ');
})
    .join('\n');
exports.tableOf = tableOf;
//# sourceMappingURL=report.js.map