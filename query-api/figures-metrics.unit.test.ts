import { silentLog } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { eventually } from '../tests/support/eventually';
import { watchViewFigures } from './figures-metrics';
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
