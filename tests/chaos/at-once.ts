import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inLanes, supervise } from './lanes';
import { appendFailure, readResults, type ResultLine } from './results';
import type { Scenario } from './scenario';
import { outcomeOf } from './tally';

/** One run: of this scenario, with this seed. */
export interface Job {
  readonly scenario: Scenario;
  readonly seed: string;
}

export interface Apart {
  /** Runs at the same time. Each has a system of its own, which wants two cores. */
  readonly runsMax: number;
  readonly folder: string;
  readonly commit: string;
  /** The file that runs one job: tests/chaos/main.js. */
  readonly main: string;
  /** What a run's own part takes; starting, settling and judging come on top. */
  readonly minutes: number;
  readonly print: (line: string) => void;
}

/** Starting, settling and judging took 80 to 160 s on a busy machine, and three at once take three times that. */
const besidesMs = 15 * 60_000;

const runApart = async (job: Job, apart: Apart, lane: number): Promise<ResultLine> => {
  const startedAt = Date.now();
  const { scenario, seed } = job;
  const { folder, main, minutes, runsMax } = apart;
  const end = await supervise({
    main,
    words: [scenario.id],
    environment: { SEED: seed, FOLDER: folder, RUNS: '1', LANE: `${lane}/${runsMax}` },
    logFile: join(folder, `${scenario.id}-${seed}.log`),
    timeoutMs: minutes * 60_000 + besidesMs,
  });
  const line =
    readResults(apart.folder).findLast(
      (one) => one.scenario === scenario.id && one.seed === seed && one.at >= startedAt,
    ) ?? appendFailure(apart.folder, { ...job, commit: apart.commit }, new Error(end));
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  apart.print(`${scenario.id} seed ${seed}: ${outcomeOf(line)} in ${seconds} s`);
  return line;
};

/** Runs all, several at a time, each on ports and in a folder of its own. What each says is in `<scenario>-<seed>.log`. */
export const runAtOnce = async (jobs: readonly Job[], apart: Apart): Promise<readonly ResultLine[]> => {
  mkdirSync(apart.folder, { recursive: true });
  const done: ResultLine[] = [];
  await inLanes(jobs, apart.runsMax, async (job, lane) => void done.push(await runApart(job, apart, lane)));
  return done;
};
