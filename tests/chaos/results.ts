import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { growths, readResources, type Growth } from './growth';
import type { RunResult } from './run-scenario';
import type { Scenario } from './scenario';
import type { Recovery, Verdict } from './verdict';

/** What a page shows of a run; the run's folder holds everything else. */
export interface ResultLine {
  readonly scenario: string;
  readonly title: string;
  readonly bound: string;
  readonly seed: string;
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly node: string;
  readonly machine: string;
  /** Of the last minute, when the run ended: other work on the machine makes recovery slower. */
  readonly load: number;
  readonly ordersPerSecond: number;
  /** How long a scenario was asked to last that lasts as long as asked. */
  readonly seconds?: number;
  /** Of Kafka and the others. */
  readonly servers?: string;
  readonly verdict: string;
  readonly anomalies: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly recoveries: readonly Recovery[];
  /** Absent when the run came to no verdict. */
  readonly growths?: readonly Growth[];
  /** Why it came to no verdict. */
  readonly error?: string;
}

export const resultsFile = 'results.jsonl';

const machine = (): string => {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${gigabytes} GB, ${process.platform} ${release()}`;
};

/** Anomalies that say that it was slow or that a process ended, and not that anything is wrong. */
export const boundsOnly = new Set(['slow-recovery', 'unexpected-exit']);

/** Whether the checker could tell. */
export const isJudged = ({ verdict }: ResultLine): boolean => verdict === 'clean' || verdict === 'anomalies';

/** Whether it came to a verdict and every invariant held; bounds may have been missed. */
export const holds = (line: ResultLine): boolean =>
  isJudged(line) && Object.keys(line.anomalies).every((name) => boundsOnly.has(name));

/** One line each, appended whole: runs at the same time may share a folder. */
const write = (folder: string, line: ResultLine): ResultLine => {
  appendFileSync(join(folder, resultsFile), `${JSON.stringify(line)}\n`);
  return line;
};

const circumstances = (scenario: Scenario, seed: string) => ({
  scenario: scenario.id,
  title: scenario.title,
  bound: scenario.bound,
  seed,
  at: Date.now(),
  node: process.version,
  machine: machine(),
  load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  ...(scenario.seconds === undefined ? {} : { seconds: scenario.seconds }),
});

/** What was slow and could not be checked beside is no run in which the invariants held. */
export const wordFor = ({
  verdict,
  untold,
  anomalies,
}: Pick<Verdict, 'verdict' | 'untold' | 'anomalies'>): string =>
  untold.length > 0 && Object.keys(anomalies).every((name) => boundsOnly.has(name)) ? 'cannot tell' : verdict;

export const appendResult = (folder: string, result: RunResult, servers: string): ResultLine => {
  const { scenario, verdict, seed, commit, ordersPerSecond } = result;
  return write(folder, {
    ...circumstances(scenario, seed),
    commit,
    servers,
    ordersPerSecond,
    verdict: wordFor(verdict),
    anomalies: verdict.anomalies,
    counts: verdict.counts,
    recoveries: verdict.recoveries,
    growths: growths(readResources(result.folder)),
  });
};

/** A run that could not be brought to its end says nothing about the system, and must not vanish either. */
export const appendFailure = (
  folder: string,
  { scenario, seed, commit }: Pick<RunResult, 'scenario' | 'seed' | 'commit'>,
  error: unknown,
): ResultLine =>
  write(folder, {
    ...circumstances(scenario, seed),
    commit,
    ordersPerSecond: 0,
    verdict: 'no verdict',
    anomalies: {},
    counts: {},
    recoveries: [],
    error: error instanceof Error ? error.message : String(error),
  });

/** Of all runs into this folder; none when only planted bugs were hunted into it. */
export const readResults = (folder: string): readonly ResultLine[] => {
  const file = join(folder, resultsFile);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ResultLine);
};
