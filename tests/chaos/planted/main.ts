import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeClassArchives } from '../../../stack/class-archives';
import { projectRoot } from '../../../stack/project-root';
import { fetchServers } from '../../../stack/server-files';
import { commitOf } from '../commit';
import { committedFolder } from '../committed';
import { inLanes, keepToLane, supervise } from '../lanes';
import { newFolder } from '../new-folder';
import { isSameProgram } from '../resume';
import { runScenario } from '../run-scenario';
import { plantedBugs, type PlantedBug } from './bugs';
import { plantedFile, readPlanted, type PlantedResult } from './results';

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

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Call {
  readonly folder: string;
  readonly seed: string;
  readonly ordersPerSecond: number;
}

const hunt = async (bug: PlantedBug, call: Call): Promise<PlantedResult> => {
  const { name, role, scenario, foundAs } = bug;
  const root = projectRoot();
  const about = { name, role, scenario: scenario.id, foundAs, commit: commitOf(root) };
  for (let run = 1; ; run += 1) {
    const seed = `${call.seed}-${run}`;
    const counted = { ...scenario, counts: { 'query-api': 1 }, settleMs: 20_000 };
    const options = { ...call, seed, scenario: counted, root, print, planted: { name, role } };
    const anomalies = await runScenario(options).then(
      ({ verdict }) => verdict.anomalies,
      (error: unknown) => {
        print(`  the run came to no verdict: ${String(error)}`);
        return {};
      },
    );
    const found = foundAs.filter((one) => one in anomalies);
    print(`${name}: ${JSON.stringify(anomalies)}\n`);
    if (found.length > 0 || run === runsMax) {
      return { ...about, seed, runs: run, found, anomalies, at: Date.now() };
    }
  }
};

interface Hunt extends Call {
  readonly bugs: readonly PlantedBug[];
  /** So many at the same time. */
  readonly huntsMax: number;
}

const readCall = (): Hunt => {
  const { SEED, RATE, FOLDER, PARALLEL } = process.env;
  const names = process.argv.slice(2);
  return {
    folder: FOLDER ?? newFolder(),
    seed: SEED ?? '1',
    ordersPerSecond: Number(RATE ?? ordersPerSecondDefault),
    huntsMax: Number(PARALLEL ?? 1),
    bugs: plantedBugs().filter(({ name }) => names.length === 0 || names.includes(name)),
  };
};

/** Bugs that were found in no earlier sitting with the same program. */
const leftOf = ({ bugs, folder }: Hunt): readonly PlantedBug[] => {
  if (process.env['AGAIN'] !== undefined) return bugs;
  const root = projectRoot();
  const known = [...readPlanted(committedFolder(root)), ...readPlanted(folder)];
  const isFound = (bug: PlantedBug): boolean =>
    known.some(
      ({ name, found, commit }) =>
        name === bug.name && found.length > 0 && commit !== '' && isSameProgram(root, commit),
    );
  return bugs.filter((bug) => !isFound(bug));
};

const huntApart = async ({ name }: PlantedBug, { folder, huntsMax }: Hunt, lane: number): Promise<void> => {
  const end = await supervise({
    main: __filename,
    words: [name],
    environment: { FOLDER: folder, LANE: `${lane}/${huntsMax}` },
    logFile: join(folder, `${name}.log`),
    timeoutMs: huntTimeoutMs,
  });
  print(`${name}: ${end}`);
};

const huntAll = async (call: Hunt): Promise<void> => {
  const bugs = leftOf(call);
  print(`${bugs.length} of ${call.bugs.length} planted bugs are to be found`);
  const files = await fetchServers(print);
  await makeClassArchives(files, print);
  if (call.huntsMax > 1) {
    await inLanes(bugs, call.huntsMax, (bug, lane) => huntApart(bug, call, lane));
    return;
  }
  for (const bug of bugs)
    appendFileSync(join(call.folder, plantedFile), `${JSON.stringify(await hunt(bug, call))}\n`);
};

const main = async (): Promise<void> => {
  const call = readCall();
  keepToLane(process.env['LANE']);
  mkdirSync(call.folder, { recursive: true });
  await huntAll(call);
  const results = [...readPlanted(committedFolder(projectRoot())), ...readPlanted(call.folder)];
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
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  })
  // Sockets that a fault left half open would keep this process alive for minutes.
  .finally(() => process.stdout.write('', () => process.exit()));
