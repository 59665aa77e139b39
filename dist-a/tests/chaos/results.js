"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readResults = exports.appendFailure = exports.appendResult = exports.wordFor = exports.holds = exports.isJudged = exports.boundsOnly = exports.resultsFile = void 0;
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const growth_1 = require("./growth");
exports.resultsFile = 'results.jsonl';
const machine = () => {
    const [first] = (0, node_os_1.cpus)();
    const gigabytes = Math.round((0, node_os_1.totalmem)() / 1024 ** 3);
    return `${(0, node_os_1.cpus)().length} × ${first?.model.trim() ?? 'unknown'}, ${gigabytes} GB, ${process.platform} ${(0, node_os_1.release)()}`;
};
/** Anomalies that say that it was slow or that a process ended, and not that anything is wrong. */
exports.boundsOnly = new Set(['slow-recovery', 'unexpected-exit']);
/** Whether the checker could tell. */
const isJudged = ({ verdict }) => verdict === 'clean' || verdict === 'anomalies';
exports.isJudged = isJudged;
/** Whether it came to a verdict and every invariant held; bounds may have been missed. */
const holds = (line) => (0, exports.isJudged)(line) && Object.keys(line.anomalies).every((name) => exports.boundsOnly.has(name));
exports.holds = holds;
/** One line each, appended whole: runs at the same time may share a folder. */
const write = (folder, line) => {
    (0, node_fs_1.appendFileSync)((0, node_path_1.join)(folder, exports.resultsFile), `${JSON.stringify(line)}\n`);
    return line;
};
const circumstances = (scenario, seed) => ({
    scenario: scenario.id,
    title: scenario.title,
    bound: scenario.bound,
    seed,
    at: Date.now(),
    node: process.version,
    machine: machine(),
    load: Math.round(((0, node_os_1.loadavg)()[0] ?? 0) * 10) / 10,
    ...(scenario.seconds === undefined ? {} : { seconds: scenario.seconds }),
});
/** What was slow and could not be checked beside is no run in which the invariants held. */
const wordFor = ({ verdict, untold, anomalies, }) => untold.length > 0 && Object.keys(anomalies).every((name) => exports.boundsOnly.has(name)) ? 'cannot tell' : verdict;
exports.wordFor = wordFor;
const appendResult = (folder, result, servers) => {
    const { scenario, verdict, seed, commit, ordersPerSecond } = result;
    return write(folder, {
        ...circumstances(scenario, seed),
        commit,
        servers,
        ordersPerSecond,
        verdict: (0, exports.wordFor)(verdict),
        anomalies: verdict.anomalies,
        counts: verdict.counts,
        recoveries: verdict.recoveries,
        growths: (0, growth_1.growths)((0, growth_1.readResources)(result.folder)),
    });
};
exports.appendResult = appendResult;
/** A run that could not be brought to its end says nothing about the system, and must not vanish either. */
const appendFailure = (folder, { scenario, seed, commit }, error) => write(folder, {
    ...circumstances(scenario, seed),
    commit,
    ordersPerSecond: 0,
    verdict: 'no verdict',
    anomalies: {},
    counts: {},
    recoveries: [],
    error: error instanceof Error ? error.message : String(error),
});
exports.appendFailure = appendFailure;
/** Of all runs into this folder; none when only planted bugs were hunted into it. */
const readResults = (folder) => {
    const file = (0, node_path_1.join)(folder, exports.resultsFile);
    if (!(0, node_fs_1.existsSync)(file))
        return [];
    return (0, node_fs_1.readFileSync)(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
};
exports.readResults = readResults;
//# sourceMappingURL=results.js.map