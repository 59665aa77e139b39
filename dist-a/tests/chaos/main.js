"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const class_archives_1 = require("../../stack/class-archives");
const project_root_1 = require("../../stack/project-root");
const server_files_1 = require("../../stack/server-files");
const at_once_1 = require("./at-once");
const commit_1 = require("./commit");
const committed_1 = require("./committed");
const lanes_1 = require("./lanes");
const new_folder_1 = require("./new-folder");
const page_1 = require("./page");
const bugs_1 = require("./planted/bugs");
const results_1 = require("./planted/results");
const resume_1 = require("./resume");
const results_2 = require("./results");
const run_scenario_1 = require("./run-scenario");
const server_versions_1 = require("./server-versions");
const all_1 = require("./scenarios/all");
const in_sequence_1 = require("./scenarios/in-sequence");
const tally_1 = require("./tally");
/**
 * node dist/tests/chaos/main.js [SCENARIO … | list | record FOLDER … | page]
 *
 * SCENARIO names (`F2`, `random`, `smoke`, `all`, `list`; `F1+F3` is one run of both) from the command line or the environment, SEED, MINUTES or
 * DURATION (`60s`) for `random`, RUNS to repeat with other seeds, PARALLEL for so many runs at the same time, FOLDER for what is left
 * behind, RATE for orders a second. What has a verdict of the same program in FOLDER or in docs/chaos is not run again, unless AGAIN=1.
 * `record` puts the results of folders into docs/chaos, and writes docs/chaos.md from all that is there, as `page` does.
 */
const print = (line) => void process.stdout.write(`${line}\n`);
const chosen = (names, minutes) => names.flatMap((name) => {
    if (name === 'smoke')
        return (0, all_1.smokeSet)();
    if (name === 'all')
        return (0, all_1.scenarios)(minutes);
    const parts = name.split('+').map((part) => {
        const found = (0, all_1.scenarioNamed)(part, minutes);
        if (!found)
            throw new Error(`There is no scenario ${part}; list shows all.`);
        return found;
    });
    return parts.length === 1 ? parts : [(0, in_sequence_1.inSequence)(parts)];
});
const show = ({ scenario, seed, ordersPerSecond, verdict, text, folder, tookMs }) => {
    const isClean = verdict.verdict === 'clean';
    if (!isClean)
        print(text);
    for (const one of verdict.recoveries) {
        const took = one.took_ms === null ? 'never' : `${one.took_ms} ms`;
        print(`  ${one.measure} after ${one.after}: ${took} (bound ${one.bound_ms} ms)`);
    }
    print(`  ${JSON.stringify(verdict.counts)}`);
    print(`  ${verdict.verdict.toUpperCase()} in ${Math.round(tookMs / 1000)} s. ${(0, node_path_1.join)(folder, 'plot.svg')}`);
    if (!isClean)
        print(`  replay: ${(0, run_scenario_1.replayOf)(scenario, seed, ordersPerSecond)}`);
    print('');
};
/** Writes docs/chaos.md from what is kept in docs/chaos. */
const writePage = (root) => {
    const kept = (0, committed_1.committedFolder)(root);
    const prose = (0, node_fs_1.readFileSync)((0, node_path_1.join)(root, 'tests', 'chaos', 'page-intro.md'), 'utf8');
    const results = (0, results_2.readResults)(kept);
    const known = (0, all_1.scenarios)(1);
    const bugs = (0, bugs_1.plantedBugs)().map(({ name }) => name);
    const parts = { prose, results, planted: (0, results_1.readPlanted)(kept), bugs, known, plots: (0, committed_1.plotsOf)(root) };
    (0, node_fs_1.writeFileSync)((0, node_path_1.join)(root, 'docs', 'chaos.md'), (0, page_1.chaosPage)(parts));
};
const record = (folders) => {
    const root = (0, project_root_1.projectRoot)();
    for (const folder of folders)
        print(`${(0, committed_1.keepResults)(root, folder)} new results of ${folder}`);
    writePage(root);
};
const readCall = () => {
    const { SCENARIO, SEED, MINUTES, DURATION, RUNS, PARALLEL, FOLDER, RATE, AGAIN } = process.env;
    const given = process.argv.slice(2);
    return {
        names: given.length > 0 ? given : (SCENARIO ?? 'random').split(/[\s,]+/),
        minutes: DURATION === undefined ? Number(MINUTES ?? 1) : Number.parseInt(DURATION, 10) / 60,
        runs: Number(RUNS ?? 1),
        runsMax: Number(PARALLEL ?? 1),
        seed: SEED ?? String(Date.now() % 1_000_000),
        folder: FOLDER ?? (0, new_folder_1.newFolder)(),
        isAgain: AGAIN !== undefined && AGAIN !== '0',
        ...(RATE === undefined ? {} : { ordersPerSecond: Number(RATE) }),
    };
};
const runOne = async (call, { scenario, seed }, servers) => {
    const root = (0, project_root_1.projectRoot)();
    try {
        const result = await (0, run_scenario_1.runScenario)({ ...call, scenario, seed, root, print });
        show(result);
        return (0, results_2.appendResult)(call.folder, result, servers);
    }
    catch (error) {
        print(`  NO VERDICT: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        return (0, results_2.appendFailure)(call.folder, { scenario, seed, commit: (0, commit_1.commitOf)(root) }, error);
    }
};
const jobsOf = ({ runs, seed, names, minutes }) => Array.from({ length: runs }, (_, run) => (run === 0 ? seed : `${seed}-${run}`)).flatMap((one) => chosen(names, minutes).map((scenario) => ({ scenario, seed: one })));
/** Jobs that have no verdict yet, and the verdicts of the others. */
const leftOf = (call) => {
    const root = (0, project_root_1.projectRoot)();
    const known = call.isAgain ? [] : [...(0, results_2.readResults)((0, committed_1.committedFolder)(root)), ...(0, results_2.readResults)(call.folder)];
    const same = new Map();
    const isSame = (commit) => {
        const found = same.get(commit) ?? (0, resume_1.isSameProgram)(root, commit);
        same.set(commit, found);
        return found;
    };
    const jobs = [];
    const earlier = [];
    for (const job of jobsOf(call)) {
        const { id, seconds } = job.scenario;
        const ordersPerSecond = (0, run_scenario_1.paceOf)({ ...call, scenario: job.scenario });
        const line = (0, resume_1.earlierVerdict)(known, { scenario: id, seed: job.seed, seconds, ordersPerSecond }, isSame);
        if (line)
            earlier.push(line);
        else
            jobs.push(job);
    }
    return { jobs, earlier };
};
const runAll = async (call) => {
    const { jobs, earlier } = leftOf(call);
    if (earlier.length > 0)
        print(`${earlier.length} runs have a verdict already, ${jobs.length} are left.`);
    const files = await (0, server_files_1.fetchServers)(print);
    await (0, class_archives_1.makeClassArchives)(files, print);
    if (call.runsMax > 1) {
        const apart = { ...call, commit: (0, commit_1.commitOf)((0, project_root_1.projectRoot)()), main: __filename, print };
        return [...earlier, ...(await (0, at_once_1.runAtOnce)(jobs, apart))];
    }
    const servers = (0, server_versions_1.serverVersions)(files);
    const results = [...earlier];
    for (const job of jobs)
        results.push(await runOne(call, job, servers));
    return results;
};
const main = async () => {
    (0, lanes_1.keepToLane)(process.env['LANE']);
    if (process.argv[2] === 'list') {
        for (const { id, title, bound } of (0, all_1.scenarios)(1))
            print(`${id.padEnd(8)} ${title}. ${bound}`);
        return;
    }
    if (process.argv[2] === 'page') {
        writePage((0, project_root_1.projectRoot)());
        return;
    }
    if (process.argv[2] === 'record') {
        record(process.argv.slice(3));
        return;
    }
    const results = await runAll(readCall());
    for (const line of (0, tally_1.tallyOf)(results))
        print(line);
    process.exitCode = results.every(({ verdict }) => verdict === 'clean') ? 0 : 1;
};
main()
    .catch((error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
})
    // Sockets that a fault left half open would keep this process alive for minutes.
    .finally(() => process.stdout.write('', () => process.exit()));
//# sourceMappingURL=main.js.map