"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runAtOnce = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const lanes_1 = require("./lanes");
const results_1 = require("./results");
const tally_1 = require("./tally");
/** Starting, settling and judging took 80 to 160 s on a busy machine, and three at once take three times that. */
const besidesMs = 15 * 60_000;
const runApart = async (job, apart, lane) => {
    const startedAt = Date.now();
    const { scenario, seed } = job;
    const { folder, main, minutes, runsMax } = apart;
    const end = await (0, lanes_1.supervise)({
        main,
        words: [scenario.id],
        environment: { SEED: seed, FOLDER: folder, RUNS: '1', LANE: `${lane}/${runsMax}` },
        logFile: (0, node_path_1.join)(folder, `${scenario.id}-${seed}.log`),
        timeoutMs: minutes * 60_000 + besidesMs,
    });
    const line = (0, results_1.readResults)(apart.folder).findLast((one) => one.scenario === scenario.id && one.seed === seed && one.at >= startedAt) ?? (0, results_1.appendFailure)(apart.folder, { ...job, commit: apart.commit }, new Error(end));
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    apart.print(`${scenario.id} seed ${seed}: ${(0, tally_1.outcomeOf)(line)} in ${seconds} s`);
    return line;
};
/** Runs all, several at a time, each on ports and in a folder of its own. What each says is in `<scenario>-<seed>.log`. */
const runAtOnce = async (jobs, apart) => {
    (0, node_fs_1.mkdirSync)(apart.folder, { recursive: true });
    const done = [];
    await (0, lanes_1.inLanes)(jobs, apart.runsMax, async (job, lane) => void done.push(await runApart(job, apart, lane)));
    return done;
};
exports.runAtOnce = runAtOnce;
//# sourceMappingURL=at-once.js.map