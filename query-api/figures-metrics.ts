import { Gauge, type Registry } from 'prom-client';
import { pause } from '../chassis/deadline';
import type { Log } from '../chassis/log';
import type { RebuildFigures } from './rebuild-figures';
import type { ViewFigures } from './view-figures';

export interface FiguresWatch {
  /** Resolves when no query is under way any more. */
  stop(): Promise<void>;
}

/** An alert may be this late, and PostgreSQL is asked this seldom, however often somebody scrapes. */
const everyMs = 15_000;

type Publish = (figures: ViewFigures | undefined) => void;

/** A figure that nobody knows has no value: 0 would say that all is well. */
const createPublish = (registry: Registry): Publish => {
  const figure = (name: string, help: string): Gauge => {
    const gauge = new Gauge({ name, help, registers: [registry] });
    gauge.remove();
    return gauge;
  };
  const numbers = [
    [
      figure('query_api_dead_letters', 'Dead letters that are open: parked, or failed again'),
      (it: ViewFigures) => it.deadLetters,
    ],
    [
      figure('query_api_oldest_dead_letter_seconds', 'Age of the oldest open dead letter; 0 without one'),
      (it: ViewFigures) => it.oldestDeadLetterMs / 1000,
    ],
    [
      figure('query_api_overdue_orders', 'Orders without an outcome a minute after they were accepted'),
      (it: ViewFigures) => it.overdueOrders,
    ],
    [
      figure('query_api_oversold_units', 'Units sold beyond what was stocked'),
      (it: ViewFigures) => it.oversoldUnits,
    ],
    [figure('query_api_items_low', 'Items with 1 to 9 units left'), (it: ViewFigures) => it.itemsLow],
  ] as const;
  const left = new Gauge({
    name: 'query_api_item_left_units',
    help: 'Units left of the items with the least left',
    labelNames: ['item'],
    registers: [registry],
  });
  const letters = new Gauge({
    name: 'query_api_letters',
    help: 'Dead letters by what became of them, and by the reason of their first failure',
    labelNames: ['state', 'reason'],
    registers: [registry],
  });
  return (figures) => {
    left.reset();
    letters.reset();
    for (const [gauge, valueOf] of numbers) {
      if (figures === undefined) gauge.remove();
      else gauge.set(valueOf(figures));
    }
    for (const { item, units } of figures?.unitsLeft ?? []) left.set({ item }, units);
    for (const { state, reason, letters: count } of figures?.lettersByState ?? []) {
      letters.set({ state, reason }, count);
    }
  };
};

/** Reads again and again in the background; publishes `undefined` when it cannot be read. */
const readForEver = <T>(
  read: () => Promise<T>,
  publish: (figures: T | undefined) => void,
  log: Log,
): FiguresWatch => {
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        publish(await read());
      } catch (error) {
        publish(undefined);
        log.warn('the views’ figures cannot be read', { event: 'figures_unknown', error });
      }
      await pause(everyMs, stopping.signal);
    }
  };
  const running = watch();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};

/** Shows the views' figures as metrics. */
export const watchViewFigures = (
  read: () => Promise<ViewFigures>,
  { metrics, log }: { readonly metrics: Registry; readonly log: Log },
): FiguresWatch => readForEver(read, createPublish(metrics), log);

/**
 * Shows how far rebuilds are as metrics; a view that was never rebuilt has none. Read by itself: the other figures
 * cannot be had while a view that was dropped is built anew.
 */
export const watchRebuilds = (
  read: () => Promise<readonly RebuildFigures[]>,
  { metrics, log }: { readonly metrics: Registry; readonly log: Log },
): FiguresWatch => {
  const gauge = (name: string, help: string): Gauge<'view'> =>
    new Gauge({ name: `query_api_rebuild_${name}`, help, labelNames: ['view'], registers: [metrics] });
  const gauges = [
    [gauge('done_events', 'Events that the rebuilt view holds'), (it: RebuildFigures) => it.events_done],
    [gauge('all_events', 'Events that it must hold'), (it: RebuildFigures) => it.events_total],
    [
      gauge('events_per_second', 'How fast it is filled; 0 when nothing is being built'),
      (it: RebuildFigures) => (it.state === 'BUILDING' ? it.events_per_second : 0),
    ],
    [
      gauge('stalled', '1 while it is being built and comes no further'),
      (it: RebuildFigures) => Number(it.state === 'STALLED'),
    ],
  ] as const;
  const publish = (rebuilds: readonly RebuildFigures[] | undefined): void => {
    for (const [one, valueOf] of gauges) {
      one.reset();
      for (const rebuild of rebuilds ?? []) {
        if (rebuild.state !== 'NONE') one.set({ view: rebuild.view }, valueOf(rebuild));
      }
    }
  };
  return readForEver(read, publish, log);
};
