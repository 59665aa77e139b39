import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeClassArchives } from '../../stack/class-archives';
import { projectRoot } from '../../stack/project-root';
import { fetchServers } from '../../stack/server-files';
import { runAtOnce, type Job } from './at-once';
import { commitOf } from './commit';
import { committedFolder, keepResults, plotsOf } from './committed';
import { keepToLane } from './lanes';
import { newFolder } from './new-folder';
import { chaosPage } from './page';
import { plantedBugs } from './planted/bugs';
import { readPlanted } from './planted/results';
import { earlierVerdict, isSameProgram } from './resume';
import { appendFailure, appendResult, readResults, type ResultLine } from './results';
import { paceOf, replayOf, runScenario, type RunResult } from './run-scenario';
import { serverVersions } from './server-versions';
import { scenarioNamed, scenarios, smokeSet } from './scenarios/all';
import { inSequence } from './scenarios/in-sequence';
import type { Scenario } from './scenario';
import { tallyOf } from './tally';

/**
 * node dist/tests/chaos/main.js [SCENARIO … | list | record FOLDER … | page]
 *
 * SCENARIO names (`F2`, `random`, `smoke`, `all`, `list`; `F1+F3` is one run of both) from the command line or the environment, SEED, MINUTES or
 * DURATION (`60s`) for `random`, RUNS to repeat with other seeds, PARALLEL for so many runs at the same time, FOLDER for what is left
 * behind, RATE for orders a second. What has a verdict of the same program in FOLDER or in docs/chaos is not run again, unless AGAIN=1.
 * `record` puts the results of folders into docs/chaos, and writes docs/chaos.md from all that is there, as `page` does.
 */

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const chosen = (names: readonly string[], minutes: number): readonly Scenario[] =>
  names.flatMap((name) => {
    if (name === 'smoke') return smokeSet();
    if (name === 'all') return scenarios(minutes);
    const parts = name.split('+').map((part) => {
      const found = scenarioNamed(part, minutes);
      if (!found) throw new Error(`There is no scenario ${part}; list shows all.`);
      return found;
    });
    return parts.length === 1 ? parts : [inSequence(parts)];
  });

const show = ({ scenario, seed, ordersPerSecond, verdict, text, folder, tookMs }: RunResult): void => {
  const isClean = verdict.verdict === 'clean';
  if (!isClean) print(text);
  for (const one of verdict.recoveries) {
    const took = one.took_ms === null ? 'never' : `${one.took_ms} ms`;
    print(`  ${one.measure} after ${one.after}: ${took} (bound ${one.bound_ms} ms)`);
  }
  print(`  ${JSON.stringify(verdict.counts)}`);
  print(`  ${verdict.verdict.toUpperCase()} in ${Math.round(tookMs / 1000)} s. ${join(folder, 'plot.svg')}`);
  if (!isClean) print(`  replay: ${replayOf(scenario, seed, ordersPerSecond)}`);
  print('');
};

/** Writes docs/chaos.md from what is kept in docs/chaos. */
const writePage = (root: string): void => {
  const kept = committedFolder(root);
  const prose = readFileSync(join(root, 'tests', 'chaos', 'page-intro.md'), 'utf8');
  const results = readResults(kept);
  const known = scenarios(1);
  const bugs = plantedBugs().map(({ name }) => name);
  const parts = { prose, results, planted: readPlanted(kept), bugs, known, plots: plotsOf(root) };
  writeFileSync(join(root, 'docs', 'chaos.md'), chaosPage(parts));
};

const record = (folders: readonly string[]): void => {
  const root = projectRoot();
  for (const folder of folders) print(`${keepResults(root, folder)} new results of ${folder}`);
  writePage(root);
};

interface Call {
  readonly names: readonly string[];
  readonly minutes: number;
  readonly runs: number;
  /** So many at the same time. */
  readonly runsMax: number;
  readonly seed: string;
  readonly folder: string;
  readonly ordersPerSecond?: number;
  /** Runs also what has a verdict already. */
  readonly isAgain: boolean;
}

const readCall = (): Call => {
  const { SCENARIO, SEED, MINUTES, DURATION, RUNS, PARALLEL, FOLDER, RATE, AGAIN } = process.env;
  const given = process.argv.slice(2);
  return {
    names: given.length > 0 ? given : (SCENARIO ?? 'random').split(/[\s,]+/),
    minutes: DURATION === undefined ? Number(MINUTES ?? 1) : Number.parseInt(DURATION, 10) / 60,
    runs: Number(RUNS ?? 1),
    runsMax: Number(PARALLEL ?? 1),
    seed: SEED ?? String(Date.now() % 1_000_000),
    folder: FOLDER ?? newFolder(),
    isAgain: AGAIN !== undefined && AGAIN !== '0',
    ...(RATE === undefined ? {} : { ordersPerSecond: Number(RATE) }),
  };
};

const runOne = async (call: Call, { scenario, seed }: Job, servers: string): Promise<ResultLine> => {
  const root = projectRoot();
  try {
    const result = await runScenario({ ...call, scenario, seed, root, print });
    show(result);
    return appendResult(call.folder, result, servers);
  } catch (error) {
    print(`  NO VERDICT: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return appendFailure(call.folder, { scenario, seed, commit: commitOf(root) }, error);
  }
};

const jobsOf = ({ runs, seed, names, minutes }: Call): readonly Job[] =>
  Array.from({ length: runs }, (_, run) => (run === 0 ? seed : `${seed}-${run}`)).flatMap((one) =>
    chosen(names, minutes).map((scenario) => ({ scenario, seed: one })),
  );

/** Jobs that have no verdict yet, and the verdicts of the others. */
const leftOf = (call: Call): { readonly jobs: readonly Job[]; readonly earlier: readonly ResultLine[] } => {
  const root = projectRoot();
  const known = call.isAgain ? [] : [...readResults(committedFolder(root)), ...readResults(call.folder)];
  const same = new Map<string, boolean>();
  const isSame = (commit: string): boolean => {
    const found = same.get(commit) ?? isSameProgram(root, commit);
    same.set(commit, found);
    return found;
  };
  const jobs: Job[] = [];
  const earlier: ResultLine[] = [];
  for (const job of jobsOf(call)) {
    const { id, seconds } = job.scenario;
    const ordersPerSecond = paceOf({ ...call, scenario: job.scenario });
    const line = earlierVerdict(known, { scenario: id, seed: job.seed, seconds, ordersPerSecond }, isSame);
    if (line) earlier.push(line);
    else jobs.push(job);
  }
  return { jobs, earlier };
};

const runAll = async (call: Call): Promise<readonly ResultLine[]> => {
  const { jobs, earlier } = leftOf(call);
  if (earlier.length > 0) print(`${earlier.length} runs have a verdict already, ${jobs.length} are left.`);
  const files = await fetchServers(print);
  await makeClassArchives(files, print);
  if (call.runsMax > 1) {
    const apart = { ...call, commit: commitOf(projectRoot()), main: __filename, print };
    return [...earlier, ...(await runAtOnce(jobs, apart))];
  }
  const servers = serverVersions(files);
  const results = [...earlier];
  for (const job of jobs) results.push(await runOne(call, job, servers));
  return results;
};

const main = async (): Promise<void> => {
  keepToLane(process.env['LANE']);
  if (process.argv[2] === 'list') {
    for (const { id, title, bound } of scenarios(1)) print(`${id.padEnd(8)} ${title}. ${bound}`);
    return;
  }
  if (process.argv[2] === 'page') {
    writePage(projectRoot());
    return;
  }
  if (process.argv[2] === 'record') {
    record(process.argv.slice(3));
    return;
  }
  const results = await runAll(readCall());
  for (const line of tallyOf(results)) print(line);
  process.exitCode = results.every(({ verdict }) => verdict === 'clean') ? 0 : 1;
};

main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  })
  // Sockets that a fault left half open would keep this process alive for minutes.
  .finally(() => process.stdout.write('', () => process.exit()));
