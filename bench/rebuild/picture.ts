import { drawPanels, perSecond, quantile } from '../../tests/support/time-panels';
import type { Phase } from './report';
import type { Read } from './steady-reader';

/** How many events the rebuilt view held at a moment of the monotonic clock. */
export interface Sample {
  readonly atMs: number;
  readonly events: number;
}

/** The run as an SVG document: what readers felt while the view was built, verified and switched. */
export const pictureOf = (
  title: string,
  run: {
    readonly phases: readonly Phase[];
    readonly reads: readonly Read[];
    readonly built: readonly Sample[];
  },
): string => {
  const begin = run.phases[0]?.fromMs ?? 0;
  const end = run.phases.at(-1)?.toMs ?? begin;
  const latencies = run.reads.map(({ dueAtMs, tookMs }) => [dueAtMs, tookMs] as const);
  const answered = run.reads.map(({ dueAtMs, tookMs }) => dueAtMs + tookMs);
  const built = run.built.map(({ atMs, events }) => ({ x: atMs - begin, y: events }));
  const bands = run.phases
    .filter(({ name }) => name !== 'before' && name !== 'after')
    .map(({ name, fromMs, toMs }) => ({ name, from: fromMs - begin, to: toMs - begin }));
  const panels = [
    {
      title: 'time of a read, ms',
      lines: [
        { name: 'p99', colour: '#c60', points: quantile(latencies, begin, 0.99) },
        { name: 'p50', colour: '#06c', points: quantile(latencies, begin, 0.5) },
      ],
    },
    {
      title: 'reads answered a second',
      lines: [{ name: 'answered', colour: '#06c', points: perSecond(answered, begin, end) }],
    },
    {
      title: 'events in the rebuilt view',
      lines: [{ name: 'folded', colour: '#629', points: built }],
    },
  ];
  return drawPanels(title, panels, end - begin, bands);
};
