"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.summaryOf = exports.medianRate = exports.median = exports.lineOf = void 0;
const rateOf = ({ result }) => result.accepted / result.seconds;
const lineOf = ({ name, result }) => [
    name.padEnd(12),
    String(result.connections).padStart(4),
    `${Math.round(result.accepted / result.seconds)}/s`.padStart(10),
    `p50 ${result.p50Ms.toFixed(1)} ms`.padStart(14),
    `p99 ${result.p99Ms.toFixed(1)} ms`.padStart(14),
    `p99.9 ${result.p999Ms.toFixed(1)} ms`.padStart(16),
    result.refused > 0 ? `${result.refused} refused` : '',
].join('  ');
exports.lineOf = lineOf;
const of = (turns, name, connections) => turns.filter((turn) => turn.name === name && turn.result.connections === connections);
/** Of an even number the mean of the two in the middle; 0 of none. */
const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
    return (lower + upper) / 2;
};
exports.median = median;
/** Accepted a second, the median of the rounds. */
const medianRate = (turns, name, connections) => (0, exports.median)(of(turns, name, connections).map(rateOf));
exports.medianRate = medianRate;
const spreadOf = (values) => `${Math.round(Math.min(...values))}–${Math.round(Math.max(...values))}`;
const summaryOf = (turns, name, connections) => {
    const ofApi = of(turns, name, connections);
    const bare = (0, exports.medianRate)(turns, 'bare', connections);
    const api = (0, exports.medianRate)(turns, name, connections);
    const p99s = ofApi.map(({ result }) => result.p99Ms);
    return (`${name.padEnd(12)}${String(connections).padStart(4)} connections: median ${Math.round(api)} accepted/s (${spreadOf(ofApi.map(rateOf))}), ` +
        `p99 ${(0, exports.median)(p99s).toFixed(1)} ms (${spreadOf(p99s)}), ${Math.round((api / bare) * 100)} % of the bare server's ${Math.round(bare)}`);
};
exports.summaryOf = summaryOf;
//# sourceMappingURL=report.js.map