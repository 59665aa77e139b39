import type { ManagedProcess } from '../managed-process';
import type { ServerName } from '../private-stack';
import type { Stage } from '../scenario';
import { during, type DuringBounds } from './during';

const failpointWithinMs = 30_000;

/** Arms several and resolves with the first that comes to its step; the others are disarmed. */
const firstToReach = async (
  candidates: readonly ManagedProcess[],
  failpoint: string,
  reached: (process: ManagedProcess) => Promise<unknown>,
): Promise<ManagedProcess> => {
  for (const process of candidates) process.arm(failpoint);
  const arrivals = candidates.map((process) => reached(process).then(() => process));
  const first = await Promise.any(arrivals).catch((cause: unknown) => {
    throw new Error(`nobody came to ${failpoint} within ${failpointWithinMs} ms`, { cause });
  });
  for (const process of candidates) if (process !== first) process.disarm();
  return first;
};

/** Has one of the processes die at a step, and waits until its successor is ready. Bounds count from its death. */
export const dieAtStep = async (
  { timeline }: Stage,
  candidates: readonly ManagedProcess[],
  failpoint: string,
  bounds: DuringBounds = {},
): Promise<void> => {
  const process = await firstToReach(candidates, failpoint, (one) => one.ended(failpointWithinMs));
  const name = `${process.name} dies at ${failpoint}`;
  timeline.fault(name, bounds.sinceFault);
  await process.ready();
  timeline.heal(name, bounds.sinceHeal);
};

/** Has one of the processes fall asleep at a step, does what is done meanwhile, and wakes it. */
export const sleepAtStep = async (
  stage: Stage,
  candidates: readonly ManagedProcess[],
  step: string,
  { bounds, meanwhile }: { readonly bounds: DuringBounds; readonly meanwhile: () => Promise<void> },
): Promise<void> => {
  const process = await firstToReach(candidates, `${step}:sleep`, (one) => one.asleep(failpointWithinMs));
  await during(stage, `${process.name} sleeps at ${step}`, bounds, async () => {
    await meanwhile();
    // Another one may have fallen asleep before it was disarmed.
    for (const one of candidates) one.wake();
  });
};

/** Ends a server by each signal in turn and starts it again after `awayMs`. */
export const restartServer = async (
  stage: Stage,
  name: ServerName,
  { signals, bounds, awayMs = 1_500, betweenMs }: RestartPlan,
): Promise<void> => {
  const server = stage.system.stack[name];
  for (const signal of signals) {
    await during(stage, `${name} ${signal}`, bounds, async () => {
      await server.kill(signal);
      await stage.wait(awayMs);
      await server.start();
    });
    await stage.wait(betweenMs);
  }
};

export interface RestartPlan {
  readonly signals: readonly NodeJS.Signals[];
  readonly bounds: DuringBounds;
  readonly awayMs?: number;
  readonly betweenMs: number;
}

export interface Rounds {
  readonly count: number;
  /** Counts what the faults have hit so far. */
  readonly hits: () => number;
  readonly name: string;
  readonly lastMs: number;
  readonly begin: () => void;
  readonly end: () => void;
}

const hitWithinMs = 20_000;

/** @throws Error when nothing was hit: such a run would prove nothing. */
const untilHit = async (stage: Stage, name: string, hasHit: () => boolean): Promise<void> => {
  const endsAtMs = performance.now() + hitWithinMs;
  while (!hasHit()) {
    if (performance.now() > endsAtMs) throw new Error(`${name}: nothing was hit within ${hitWithinMs} ms`);
    await stage.wait(100);
  }
};

/** The same short fault a few times, each for as long as it takes to hit something, and on. */
export const inRounds = async (stage: Stage, rounds: Rounds): Promise<void> => {
  const { count, name, lastMs, hits, begin, end } = rounds;
  for (let round = 1; round <= count; round += 1) {
    await during(stage, `${name} ${round}`, {}, async () => {
      const before = hits();
      begin();
      await untilHit(stage, name, () => hits() > before);
      await stage.wait(lastMs);
      end();
    });
  }
};
