import { readFileSync } from 'node:fs';
import type { PartitionLag, RecordsHandler } from './log';

/** What the process's main thread had of the cores since it started. */
export interface CoreTime {
  readonly ranMs: number;
  /** It was ready to run, and something else ran. */
  readonly waitedMs: number;
}

export interface StepBackOptions {
  /** From this age of the oldest record on the consumer works as fast as it can, whatever else goes on; 0: always. */
  readonly upToMs: number;
  readonly lag: () => readonly PartitionLag[];
  /** Told of each rest when it begins, with its length. */
  readonly onRest: (milliseconds: number) => void;
  /** Undefined where the system does not tell. Default: Linux's. */
  readonly coreTime?: () => CoreTime | undefined;
}

/** With 250 a burst after a pause had 11,000 accepted/s in its first half second, with 100 13,000. */
const judgeEveryMs = 100;
/**
 * Of the time that a handler worked. On two cores 2 gave 14,100 accepted/s at 128 connections, 3 gave 14,300 and 5 gave
 * 14,500, beside 10,400 without rests; 10 gave 6 % more than 5 (docs/benchmark-command-api-history.md).
 */
const restFactor = 10;
const restMaxMs = 500;
/** Another partition's work and rest. It does not count as this one's standing still (`stallMs`). */
const turnWithinMs = 5_000;
/** Of the rate of arrivals, from one judgement to the next: a second after a burst of 15,000/s it is over. */
const keptOfRate = 0.87;
/** A burst: so many records arrive in a second. Two cores that do nothing else decide 8,000 orders. */
const burstPerSecond = 4_000;
/** Ready time without a core. On two cores with a saturated command API it is 0.5 to 0.85, and stays there during rests. */
const scarceShare = 0.15;

/** `schedstat` of Linux: nanoseconds run, nanoseconds waited, slices (Documentation/scheduler/sched-stats.rst). */
const linuxCoreTime = (): CoreTime | undefined => {
  try {
    const [ran, waited] = readFileSync('/proc/self/schedstat', 'latin1').split(' ').map(Number);
    if (ran === undefined || waited === undefined) return undefined;
    return { ranMs: ran / 1e6, waitedMs: waited / 1e6 };
  } catch {
    return undefined;
  }
};

/** What is compared from one judgement to the next. */
interface Look {
  readonly atMs: number;
  readonly cores: CoreTime | undefined;
  readonly arrived: number;
}

const waitedShare = (before: CoreTime | undefined, after: CoreTime | undefined): number => {
  if (!before || !after) return 0;
  const waited = after.waitedMs - before.waitedMs;
  const ready = after.ranMs - before.ranMs + waited;
  return ready > 0 ? waited / ready : 0;
};

/** Resolves with `turn`, and at the latest when it was long enough or the signal aborts. */
const untilTurn = (turn: Promise<void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, turnWithinMs);
    signal.addEventListener('abort', done, { once: true });
    void turn.then(done);
  });

/**
 * Gives a handler that lets accepting come first in a burst: while 4,000 records arrive in a second, the process has to wait
 * for its core, and no record is older than `upToMs`, one partition is handled at a time, and ten times as long as that
 * took nothing is, half a second at most. Its own priority is not enough for that: what it asks of Kafka, Redis and PostgreSQL
 * they do with theirs. Whatever is held back is in the log. Without a burst, or with cores to spare, nothing waits. Each wait
 * is bounded, and ends when the signal aborts.
 */
export const stepBack = (handler: RecordsHandler, options: StepBackOptions): RecordsHandler => {
  const { upToMs, lag, onRest, coreTime = linuxCoreTime } = options;
  if (upToMs === 0) return handler;
  let stepsBack = false;
  let last: Look | undefined;
  let turn = Promise.resolve();
  let done = 0;
  let arrivingPerSecond = 0;

  const judge = (): void => {
    const atMs = performance.now();
    const before = last;
    if (before && atMs - before.atMs < judgeEveryMs) return;
    const lags = lag();
    const arrived = done + lags.reduce((sum, { records }) => sum + records, 0);
    const oldestMs = lags.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0);
    last = { atMs, cores: coreTime(), arrived };
    if (!before) return;
    const perSecond = (1000 * (arrived - before.arrived)) / (atMs - before.atMs);
    // Bounded, because partitions that were just assigned bring their whole lag at once.
    arrivingPerSecond = Math.min(4 * burstPerSecond, Math.max(perSecond, arrivingPerSecond * keptOfRate));
    stepsBack =
      arrivingPerSecond >= burstPerSecond &&
      oldestMs < upToMs &&
      waitedShare(before.cores, last.cores) > scarceShare;
  };

  const work: RecordsHandler = async (records, signal, noteProgress) => {
    const count = await handler(records, signal, noteProgress);
    done += count;
    return count;
  };

  const inTurn: RecordsHandler = async (records, signal, noteProgress) => {
    const before = turn;
    let pass: () => void = () => undefined;
    turn = new Promise((resolve) => {
      pass = resolve;
    });
    await untilTurn(before, signal);
    noteProgress?.();
    const beganAtMs = performance.now();
    try {
      return await work(records, signal, noteProgress);
    } finally {
      const restMs = Math.min(restMaxMs, restFactor * (performance.now() - beganAtMs));
      onRest(restMs);
      setTimeout(pass, restMs).unref();
    }
  };

  return (records, signal, noteProgress) => {
    judge();
    return stepsBack ? inTurn(records, signal, noteProgress) : work(records, signal, noteProgress);
  };
};
