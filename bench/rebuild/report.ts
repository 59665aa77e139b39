import { percentileOf } from '../query-api/reads';
import type { ReplayRun } from './replay-run';
import type { Read } from './steady-reader';

/** A stretch of time of the run, of the monotonic clock. */
export interface Phase {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** When the command said what it had done: before the rebuild, each of its steps, after it. */
export const phasesOf = (replay: ReplayRun, fromMs: number, toMs: number): readonly Phase[] => {
  const saidAt = (start: string, otherwise: number): number =>
    replay.lines.find(({ text }) => text.startsWith(start))?.atMs ?? otherwise;
  const builtAtMs = saidAt('built', replay.endedAtMs);
  const verifiedAtMs = saidAt('verified', builtAtMs);
  return [
    { name: 'before', fromMs, toMs: replay.startedAtMs },
    { name: 'building', fromMs: replay.startedAtMs, toMs: builtAtMs },
    { name: 'verifying', fromMs: builtAtMs, toMs: verifiedAtMs },
    { name: 'switching', fromMs: verifiedAtMs, toMs: replay.endedAtMs },
    { name: 'after', fromMs: replay.endedAtMs, toMs },
  ];
};

/** One line a phase: how long it took and how long readers waited in it. */
export const tableOf = (phases: readonly Phase[], reads: readonly Read[]): string =>
  phases
    .map(({ name, fromMs, toMs }) => {
      const took = reads
        .filter(({ dueAtMs }) => dueAtMs >= fromMs && dueAtMs < toMs)
        .map(({ tookMs }) => tookMs);
      const wait = (share: number): string => `${percentileOf(took, share).toFixed(1)} ms`.padStart(10);
      return [
        name.padEnd(10),
        seconds(toMs - fromMs).padStart(8),
        `${took.length} reads`.padStart(14),
        `p50 ${wait(0.5)}`,
        `p99 ${wait(0.99)}`,
        `worst ${wait(1)}`,
      ].join('  ');
    })
    .join('\n');
