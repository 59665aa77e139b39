import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../stack/project-root';
import { commitOf } from '../commit';
import { newFolder } from '../new-folder';
import { runScenario } from '../run-scenario';
import { plantedBugs, type PlantedBug } from './bugs';
import { plantedFile, type PlantedResult } from './results';

/**
 * node dist/tests/chaos/planted/main.js [BUG …]
 *
 * Runs each planted bug, up to three times, until the checker calls it by one of its names. SEED, RATE and FOLDER as
 * in main.ts. Exits 1 when one was not found.
 */

const runsMax = 3;
const ordersPerSecondDefault = 40;

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

const main = async (): Promise<void> => {
  const { SEED, RATE, FOLDER } = process.env;
  const folder = FOLDER ?? newFolder();
  mkdirSync(folder, { recursive: true });
  const names = process.argv.slice(2);
  const bugs = plantedBugs().filter(({ name }) => names.length === 0 || names.includes(name));
  const call = { folder, seed: SEED ?? '1', ordersPerSecond: Number(RATE ?? ordersPerSecondDefault) };
  const results: PlantedResult[] = [];
  for (const bug of bugs) {
    const result = await hunt(bug, call);
    appendFileSync(join(folder, plantedFile), `${JSON.stringify(result)}\n`);
    results.push(result);
  }
  for (const { name, scenario, found, runs } of results) {
    const verdict = found.length > 0 ? `found in run ${runs} as ${found.join(', ')}` : 'NOT FOUND';
    print(`${name.padEnd(44)} ${scenario.padEnd(5)} ${verdict}`);
  }
  const missed = results.filter(({ found }) => found.length === 0);
  print(`${results.length - missed.length} of ${results.length} planted bugs are found. ${folder}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
};

main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  })
  // Sockets that a fault left half open would keep this process alive for minutes.
  .finally(() => process.stdout.write('', () => process.exit()));
