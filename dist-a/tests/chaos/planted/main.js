"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const class_archives_1 = require("../../../stack/class-archives");
const project_root_1 = require("../../../stack/project-root");
const server_files_1 = require("../../../stack/server-files");
const commit_1 = require("../commit");
const committed_1 = require("../committed");
const lanes_1 = require("../lanes");
const new_folder_1 = require("../new-folder");
const resume_1 = require("../resume");
const run_scenario_1 = require("../run-scenario");
const bugs_1 = require("./bugs");
const results_1 = require("./results");
/**
 * node dist/tests/chaos/planted/main.js [BUG …]
 *
 * Runs each planted bug, up to three times, until the checker calls it by one of its names. SEED, RATE, PARALLEL, AGAIN and
 * FOLDER as in main.ts. Exits 1 when one was not found.
 */
const runsMax = 3;
const ordersPerSecondDefault = 40;
/** Three runs of at most three minutes, with two others beside them. */
const huntTimeoutMs = 30 * 60_000;
const print = (line) => void process.stdout.write(`${line}\n`);
const hunt = async (bug, call) => {
    const { name, role, scenario, foundAs } = bug;
    const root = (0, project_root_1.projectRoot)();
    const about = { name, role, scenario: scenario.id, foundAs, commit: (0, commit_1.commitOf)(root) };
    for (let run = 1;; run += 1) {
        const seed = `${call.seed}-${run}`;
        const counted = { ...scenario, counts: { 'query-api': 1 }, settleMs: 20_000 };
        const options = { ...call, seed, scenario: counted, root, print, planted: { name, role } };
        const anomalies = await (0, run_scenario_1.runScenario)(options).then(({ verdict }) => verdict.anomalies, (error) => {
            print(`  the run came to no verdict: ${String(error)}`);
            return {};
        });
        const found = foundAs.filter((one) => one in anomalies);
        print(`${name}: ${JSON.stringify(anomalies)}\n`);
        if (found.length > 0 || run === runsMax) {
            return { ...about, seed, runs: run, found, anomalies, at: Date.now() };
        }
    }
};
const readCall = () => {
    const { SEED, RATE, FOLDER, PARALLEL } = process.env;
    const names = process.argv.slice(2);
    return {
        folder: FOLDER ?? (0, new_folder_1.newFolder)(),
        seed: SEED ?? '1',
        ordersPerSecond: Number(RATE ?? ordersPerSecondDefault),
        huntsMax: Number(PARALLEL ?? 1),
        bugs: (0, bugs_1.plantedBugs)().filter(({ name }) => names.length === 0 || names.includes(name)),
    };
};
/** Bugs that were found in no earlier sitting with the same program. */
const leftOf = ({ bugs, folder }) => {
    if (process.env['AGAIN'] !== undefined)
        return bugs;
    const root = (0, project_root_1.projectRoot)();
    const known = [...(0, results_1.readPlanted)((0, committed_1.committedFolder)(root)), ...(0, results_1.readPlanted)(folder)];
    const isFound = (bug) => known.some(({ name, found, commit }) => name === bug.name && found.length > 0 && commit !== '' && (0, resume_1.isSameProgram)(root, commit));
    return bugs.filter((bug) => !isFound(bug));
};
const huntApart = async ({ name }, { folder, huntsMax }, lane) => {
    const end = await (0, lanes_1.supervise)({
        main: __filename,
        words: [name],
        environment: { FOLDER: folder, LANE: `${lane}/${huntsMax}` },
        logFile: (0, node_path_1.join)(folder, `${name}.log`),
        timeoutMs: huntTimeoutMs,
    });
    print(`${name}: ${end}`);
};
const huntAll = async (call) => {
    const bugs = leftOf(call);
    print(`${bugs.length} of ${call.bugs.length} planted bugs are to be found`);
    const files = await (0, server_files_1.fetchServers)(print);
    await (0, class_archives_1.makeClassArchives)(files, print);
    if (call.huntsMax > 1) {
        await (0, lanes_1.inLanes)(bugs, call.huntsMax, (bug, lane) => huntApart(bug, call, lane));
        return;
    }
    for (const bug of bugs)
        (0, node_fs_1.appendFileSync)((0, node_path_1.join)(call.folder, results_1.plantedFile), `${JSON.stringify(await hunt(bug, call))}\n`);
};
const main = async () => {
    const call = readCall();
    (0, lanes_1.keepToLane)(process.env['LANE']);
    (0, node_fs_1.mkdirSync)(call.folder, { recursive: true });
    await huntAll(call);
    const results = [...(0, results_1.readPlanted)((0, committed_1.committedFolder)((0, project_root_1.projectRoot)())), ...(0, results_1.readPlanted)(call.folder)];
    const missed = call.bugs.filter(({ name }) => {
        const result = results.findLast((one) => one.name === name && one.commit !== '');
        const isFound = result !== undefined && result.found.length > 0;
        const verdict = isFound ? `found in run ${result.runs} as ${result.found.join(', ')}` : 'NOT FOUND';
        print(`${name.padEnd(44)} ${verdict}`);
        return !isFound;
    });
    print(`${call.bugs.length - missed.length} of ${call.bugs.length} planted bugs are found. ${call.folder}`);
    process.exitCode = missed.length > 0 ? 1 : 0;
};
main()
    .catch((error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
})
    // Sockets that a fault left half open would keep this process alive for minutes.
    .finally(() => process.stdout.write('', () => process.exit()));
//# sourceMappingURL=main.js.map