import type { ItemEvent, SaleMode } from './events';
import { ItemLedger } from './item-ledger';
import { saleStateAt } from './sale';

const common = { item_id: 'shoe', actor: 'op' };
const stock = (command_id: string, delta: number, expected_version: number | null = null): ItemEvent => ({
  type: 'StockAdjusted',
  ...common,
  command_id,
  delta,
  expected_version,
  reason: '',
  adjusted_at: 1,
});
const sale = (
  command_id: string,
  mode: SaleMode,
  expected_version: number,
  window: Window = {},
): ItemEvent => ({
  type: 'SaleChanged',
  ...common,
  command_id,
  action: 'OTHER',
  mode,
  opens_at: null,
  closes_at: null,
  ...window,
  expected_version,
  reason: null,
  changed_at: 1,
});
interface Window {
  readonly opens_at?: number;
  readonly closes_at?: number;
}

const ledgerOf = (...events: readonly ItemEvent[]): { ledger: ItemLedger; effects: readonly string[] } => {
  const ledger = new ItemLedger();
  const effects = events.map((event, offset) =>
    ledger.apply({ partition: 0, offset, appendedAtMs: 100 * (offset + 1) }, event),
  );
  return { ledger, effects };
};

describe('the ledger of items', () => {
  it('sums adjustments once a command, and counts them as versions', () => {
    const { ledger, effects } = ledgerOf(stock('a', 10), stock('a', 10), stock('b', -3));
    expect(effects).toEqual(['applied', 'repeat', 'applied']);
    expect(ledger.item('shoe')).toMatchObject({ stocked: 7, stockVersion: 2 });
  });

  it('passes over a command that another one overtook, and remembers where it stands', () => {
    const { ledger, effects } = ledgerOf(
      stock('a', 10),
      stock('b', 5, 1),
      stock('c', -9, 1),
      stock('c', 1, 2),
    );
    expect(effects).toEqual(['applied', 'applied', 'overtaken', 'applied']);
    expect(ledger.item('shoe')).toMatchObject({ stocked: 16, stockVersion: 3 });
    expect([1, 2, 3].map((offset) => ledger.isOvertaken({ partition: 0, offset }))).toEqual([
      false,
      true,
      false,
    ]);
    expect(ledger.tookEffectAt({ partition: 0, offset: 2 }, 'c')).toBe(false);
    expect(ledger.tookEffectAt({ partition: 0, offset: 3 }, 'c')).toBe(true);
  });

  it('takes the first of two changes of a sale that were decided at one version', () => {
    const { ledger, effects } = ledgerOf(sale('a', 'CLOSED', 0), sale('b', 'PAUSED', 0));
    expect(effects).toEqual(['applied', 'overtaken']);
    expect(ledger.saleOf('shoe')).toMatchObject({ mode: 'CLOSED', version: 1 });
  });

  it('knows what a sale was at each instant of the log', () => {
    const { ledger } = ledgerOf(
      sale('a', 'PAUSED', 0),
      stock('s', 1),
      sale('b', 'OPEN', 1),
      sale('c', 'CLOSED', 2),
    );
    const modes = [99, 100, 299, 300, 399, 400].map((atMs) => ledger.saleAt('shoe', atMs).mode);
    expect(modes).toEqual(['OPEN', 'PAUSED', 'PAUSED', 'OPEN', 'OPEN', 'CLOSED']);
    expect(ledger.saleOf('shirt')).toBeUndefined();
  });
});

describe('the state of a sale', () => {
  it('follows its window, and a pause outlasts the opening but not the end', () => {
    const window = { opensAtMs: 10, closesAtMs: 20, version: 1 };
    const at = (mode: SaleMode): readonly string[] =>
      [9, 10, 19, 20].map((atMs) => saleStateAt({ mode, ...window }, atMs));
    expect(at('OPEN')).toEqual(['SCHEDULED', 'OPEN', 'OPEN', 'CLOSED']);
    expect(at('PAUSED')).toEqual(['PAUSED', 'PAUSED', 'PAUSED', 'CLOSED']);
    expect(at('CLOSED')).toEqual(['CLOSED', 'CLOSED', 'CLOSED', 'CLOSED']);
  });
});
