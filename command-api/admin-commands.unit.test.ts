import { readAdjustStock, readSetBuyerLimit, type AdminReader } from './admin-commands';

const context = { actor: 'operator', nowMs: 1_700_000_000_000 };
const faultsOf = (read: AdminReader, members: Record<string, unknown>): readonly string[] => {
  const found = read(members, context);
  return found.kind === 'faults' ? found.faults.map(({ field }) => field) : [];
};

describe('adjust-stock', () => {
  const body = { item_id: 'shoe-42', delta: 500, reason: 'delivery', command_id: 'c-1' };

  it('becomes a StockAdjusted', () => {
    expect(readAdjustStock(body, context)).toMatchObject({
      kind: 'command',
      event: { type: 'StockAdjusted', ...body, actor: 'operator', adjusted_at: context.nowMs },
    });
    const camelCase = { itemId: 'shoe-42', delta: 500, reason: 'delivery', commandId: 'c-1' };
    expect(readAdjustStock(camelCase, context)).toEqual(readAdjustStock(body, context));
  });

  it.each([
    ['delta', [0, -0, 1.5, 1_000_001, -1_000_001, '5', null, true]],
    ['item_id', ['', 'a b', 1]],
    ['reason', ['', ' ', 'a\u0000', 'a'.repeat(501), 7]],
    ['command_id', ['', 'a'.repeat(201), 7]],
  ])('is refused when %s is outside its limits', (name, values) => {
    for (const value of values) expect(faultsOf(readAdjustStock, { ...body, [name]: value })).toEqual([name]);
  });

  it('is told all of its faults at once', () => {
    expect(faultsOf(readAdjustStock, { extra: 1 })).toEqual([
      'extra',
      'item_id',
      'delta',
      'reason',
      'command_id',
    ]);
  });

  it('asks for the same when item, delta and reason are the same', () => {
    const payload = (more: object): unknown => {
      const read = readAdjustStock({ ...body, ...more }, context);
      return read.kind === 'command' && read.payload;
    };
    expect(payload({ command_id: 'c-2' })).toBe(payload({}));
    for (const other of [{ item_id: 'x' }, { delta: 501 }, { reason: 'x' }]) {
      expect(payload(other)).not.toBe(payload({}));
    }
  });
});

describe('set-buyer-limit', () => {
  const body = { item_id: 'shoe-42', units_max: 2, command_id: 'c-1' };

  it('becomes a BuyerLimitSet; null lifts the limit', () => {
    expect(readSetBuyerLimit(body, context)).toMatchObject({
      event: { type: 'BuyerLimitSet', ...body, actor: 'operator', set_at: context.nowMs },
    });
    expect(readSetBuyerLimit({ ...body, units_max: null, reason: 'over' }, context)).toMatchObject({
      event: { units_max: null },
    });
  });

  it('is refused without a limit, or with one outside its limits', () => {
    for (const value of [undefined, -1, 1.5, '2', 1_000_001]) {
      expect(faultsOf(readSetBuyerLimit, { ...body, units_max: value })).toEqual(['units_max']);
    }
    expect(faultsOf(readSetBuyerLimit, { ...body, reason: ' ' })).toEqual(['reason']);
  });
});
