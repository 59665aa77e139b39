import type { SaleChanged } from '../schemas/events';
import { ItemLedger } from '../schemas/item-ledger';
import { salesOf, type Sales } from './sales';

/** The sales of a log that holds these changes of one item, each with its append time. */
const salesWith = (...changes: readonly (Partial<SaleChanged> & { readonly atMs: number })[]): Sales => {
  const ledger = new ItemLedger();
  changes.forEach(({ atMs, ...change }, version) => {
    const event: SaleChanged = {
      type: 'SaleChanged',
      item_id: 'shoe',
      action: 'SCHEDULE',
      mode: 'OPEN',
      opens_at: null,
      closes_at: null,
      expected_version: version,
      reason: null,
      command_id: `c-${version}`,
      actor: 'a',
      changed_at: 0,
      ...change,
    };
    ledger.apply({ partition: 0, offset: version, appendedAtMs: atMs }, event);
  });
  return salesOf({ ledger, catchUp: async () => undefined });
};

describe('whether an item is on sale, by the log’s times', () => {
  it('is on sale when nobody ever changed that', () => {
    expect(salesWith().isOff('shoe', 0)).toBe(false);
  });

  it('is off from the append time of a pause or close on, the same millisecond included', () => {
    for (const mode of ['PAUSED', 'CLOSED'] as const) {
      const sales = salesWith({ atMs: 1_000, mode });
      expect([999, 1_000, 1_001].map((atMs) => sales.isOff('shoe', atMs))).toEqual([false, true, true]);
    }
  });

  it('is on again after a resume, and was off before it for ever', () => {
    const sales = salesWith({ atMs: 1_000, mode: 'PAUSED' }, { atMs: 2_000 });
    expect([1_999, 2_000].map((atMs) => sales.isOff('shoe', atMs))).toEqual([true, false]);
  });

  it('ends at closes_at without another change', () => {
    const sales = salesWith({ atMs: 1_000, closes_at: 5_000 });
    expect([4_999, 5_000].map((atMs) => sales.isOff('shoe', atMs))).toEqual([false, true]);
  });

  it('begins up to 1 s before opens_at, because the brokers’ clock may be behind that of the API', () => {
    const sales = salesWith({ atMs: 1_000, opens_at: 10_000 });
    expect([8_999, 9_000, 10_000].map((atMs) => sales.isOff('shoe', atMs))).toEqual([true, false, false]);
  });

  it('does not begin 1 s early while it is paused, or when it is over by then', () => {
    expect(salesWith({ atMs: 1_000, opens_at: 10_000, mode: 'PAUSED' }).isOff('shoe', 9_500)).toBe(true);
    expect(salesWith({ atMs: 1_000, opens_at: 10_000, closes_at: 10_001 }).isOff('shoe', 9_500)).toBe(true);
  });
});
