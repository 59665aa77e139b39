import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { tether } from '../../stack/tether';
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

/** A supervisor of its own, so that no run's buyers and links wait for another run's plot. Resolves with how it ended. */
const supervise = (
  { scenario, seed }: Job,
  { folder, main, minutes, runsMax }: Apart,
  lane: number,
): Promise<string> =>
  new Promise((resolve) => {
    const log = openSync(join(folder, `${scenario.id}-${seed}.log`), 'a');
    const child = spawn(process.execPath, [main, scenario.id], {
      env: {
        ...process.env,
        SEED: seed,
        FOLDER: folder,
        RUNS: '1',
        PARALLEL: '1',
        // The one that asks has looked already.
        AGAIN: '1',
        LANE: `${lane}/${runsMax}`,
      },
      stdio: ['ignore', log, log],
      timeout: minutes * 60_000 + besidesMs,
      killSignal: 'SIGKILL',
    });
    closeSync(log);
    const letGo = tether(child.pid ?? 0, 'SIGKILL');
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      letGo();
      resolve(`the run's supervisor ended with ${code ?? signal ?? '?'}`);
    });
  });

const runApart = async (job: Job, apart: Apart, lane: number): Promise<ResultLine> => {
  const startedAt = Date.now();
  const { scenario, seed } = job;
  const end = await supervise(job, apart, lane);
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
  const waiting = [...jobs];
  const done: ResultLine[] = [];
  const work = async (lane: number): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift()) done.push(await runApart(job, apart, lane));
  };
  await Promise.all(Array.from({ length: apart.runsMax }, (_, lane) => work(lane)));
  return done;
};
