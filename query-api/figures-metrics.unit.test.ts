import { silentLog } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { eventually } from '../tests/support/eventually';
import { watchRebuilds, watchViewFigures } from './figures-metrics';
import type { RebuildFigures } from './rebuild-figures';
import type { ViewFigures } from './view-figures';

const some: ViewFigures = {
  deadLetters: 3,
  oldestDeadLetterMs: 90_000,
  lettersByState: [{ state: 'RESOLVED', reason: 'NOT_FRAMED', letters: 4 }],
  overdueOrders: 1,
  oversoldUnits: 0,
  itemsLow: 2,
  unitsLeft: [{ item: 'hat', units: 5 }],
};

const shownAfter = async (read: () => Promise<ViewFigures>): Promise<string> => {
  const metrics = createMetrics('test', '0');
  let asked = 0;
  const watch = watchViewFigures(
    () => {
      asked += 1;
      return read();
    },
    { metrics, log: silentLog },
  );
  await eventually(() => expect(asked).toBe(1), { withinMs: 5_000 });
  await watch.stop();
  return metrics.metrics();
};

describe('the metrics of the views’ figures', () => {
  it('show what was read', async () => {
    const shown = await shownAfter(() => Promise.resolve(some));
    expect(shown).toContain('query_api_dead_letters{service="test"} 3');
    expect(shown).toContain('query_api_oldest_dead_letter_seconds{service="test"} 90');
    expect(shown).toContain('query_api_letters{state="RESOLVED",reason="NOT_FRAMED",service="test"} 4');
    expect(shown).toContain('query_api_oversold_units{service="test"} 0');
    expect(shown).toContain('query_api_item_left_units{item="hat",service="test"} 5');
  });

  it('have no value while PostgreSQL does not answer: 0 would say that all is well', async () => {
    const shown = await shownAfter(() => Promise.reject(new Error('away')));
    expect(shown).not.toMatch(/^query_api_\w+(\{.*\})? /m);
  });
});

it('the metrics of rebuilds show how far they are, and nothing of a view that is not rebuilt', async () => {
  const metrics = createMetrics('test', '0');
  const rebuild = { events_done: 30, events_total: 90, events_per_second: 7.5 };
  const read = async (): Promise<readonly RebuildFigures[]> =>
    [
      { ...rebuild, view: 'orders', state: 'BUILDING' },
      { ...rebuild, view: 'items', state: 'STALLED' },
      { ...rebuild, view: 'dead-letters', state: 'NONE' },
    ] as unknown as RebuildFigures[];
  const watch = watchRebuilds(read, { metrics, log: silentLog });
  await watch.stop();
  const shown = (await metrics.metrics()).split('\n').filter((line) => line.startsWith('query_api_rebuild'));
  expect(shown).toEqual([
    'query_api_rebuild_done_events{view="orders",service="test"} 30',
    'query_api_rebuild_done_events{view="items",service="test"} 30',
    'query_api_rebuild_all_events{view="orders",service="test"} 90',
    'query_api_rebuild_all_events{view="items",service="test"} 90',
    'query_api_rebuild_events_per_second{view="orders",service="test"} 7.5',
    'query_api_rebuild_events_per_second{view="items",service="test"} 0',
    'query_api_rebuild_stalled{view="orders",service="test"} 0',
    'query_api_rebuild_stalled{view="items",service="test"} 1',
  ]);
});
