import type { StockAdjusted } from '../schemas/events';
import type { ItemState } from '../schemas/item-ledger';
import { alwaysOpen } from '../schemas/sale';
import {
  belowCommitted,
  readAdjustStock,
  readSetBuyerLimit,
  type AdminReader,
  type Plan,
} from './admin-commands';
import { readSale } from './sale-command';

const context = { nowMs: 1_700_000_000_000 };
const item = { stocked: 10, stockVersion: 3, unitsMax: null, sale: alwaysOpen };
const planOf = (
  read: AdminReader,
  members: Record<string, unknown>,
  of: ItemState = item,
): Plan | undefined => {
  const found = read(members, context);
  return found.kind === 'command' ? found.command.plan(of) : undefined;
};
const faultsOf = (read: AdminReader, members: Record<string, unknown>): readonly string[] => {
  const found = read(members, context);
  return found.kind === 'faults' ? found.faults.map(({ field }) => field) : [];
};

describe('adjust-stock', () => {
  const body = { item_id: 'shoe-42', delta: 500, reason: 'delivery', command_id: 'c-1' };

  it('becomes a StockAdjusted', () => {
    expect(planOf(readAdjustStock, body)).toMatchObject({
      kind: 'event',
      event: { type: 'StockAdjusted', ...body, actor: 'operator', adjusted_at: context.nowMs },
    });
    const camelCase = { itemId: 'shoe-42', delta: 500, reason: 'delivery', commandId: 'c-1' };
    expect(planOf(readAdjustStock, camelCase)).toEqual(planOf(readAdjustStock, body));
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
      return read.kind === 'command' && read.command.payload;
    };
    expect(payload({ command_id: 'c-2' })).toBe(payload({}));
    for (const other of [{ item_id: 'x' }, { delta: 501 }, { reason: 'x' }]) {
      expect(payload(other)).not.toBe(payload({}));
    }
  });
});

describe('adjust-stock to a quantity', () => {
  const body = { item_id: 'shoe-42', quantity: 25, expected_version: 3, reason: 'count', command_id: 'c-1' };

  it('becomes the difference, good for the version it was decided at', () => {
    expect(planOf(readAdjustStock, body)).toMatchObject({ event: { delta: 15, expected_version: 3 } });
    expect(planOf(readAdjustStock, { ...body, quantity: 0 })).toMatchObject({ event: { delta: -10 } });
  });

  it('is refused with the version there is when the stock was changed since', () => {
    expect(planOf(readAdjustStock, { ...body, expected_version: 2 })).toMatchObject({
      problem: { status: 409, error: 'VERSION_CONFLICT', more: { current_version: 3, stocked: 10 } },
    });
    const relative = { item_id: 'shoe-42', delta: 1, expected_version: 2, reason: 'r', command_id: 'c' };
    expect(planOf(readAdjustStock, relative)).toMatchObject({ problem: { error: 'VERSION_CONFLICT' } });
  });

  it('has nothing to do when the stock is that already', () => {
    expect(planOf(readAdjustStock, { ...body, quantity: 10 })).toMatchObject({
      problem: { error: 'NO_CHANGE' },
    });
  });

  it('needs a version, and no delta beside it', () => {
    expect(faultsOf(readAdjustStock, { ...body, expected_version: undefined })).toEqual(['expected_version']);
    expect(faultsOf(readAdjustStock, { ...body, delta: 1 })).toEqual(['delta']);
    expect(faultsOf(readAdjustStock, { ...body, quantity: -1 })).toEqual(['quantity']);
  });
});

describe('taking units out', () => {
  const event = { delta: -4 } as StockAdjusted;

  it('is refused with the numbers when buyers have them', () => {
    expect(belowCommitted(event, 10, { sold: 5, reserved: 2 })).toMatchObject({
      status: 409,
      error: 'STOCK_COMMITTED',
      more: { stocked: 10, sold: 5, reserved: 2, available: 3, asked: -4 },
    });
  });

  it('may take the last one that nobody has', () => {
    expect(belowCommitted(event, 10, { sold: 5, reserved: 1 })).toBeUndefined();
    expect(belowCommitted({ ...event, delta: 1 }, 0, { sold: 5, reserved: 1 })).toBeUndefined();
  });

  it('never says that less than nothing is available', () => {
    expect(belowCommitted(event, 3, { sold: 5, reserved: 0 })?.more).toMatchObject({ available: 0 });
  });
});

describe('set-buyer-limit', () => {
  const body = { item_id: 'shoe-42', units_max: 2, command_id: 'c-1' };

  it('becomes a BuyerLimitSet; null lifts the limit', () => {
    expect(planOf(readSetBuyerLimit, body)).toMatchObject({
      event: { type: 'BuyerLimitSet', ...body, reason: null, actor: 'operator', set_at: context.nowMs },
    });
    expect(planOf(readSetBuyerLimit, { ...body, units_max: null, reason: 'over' })).toMatchObject({
      event: { units_max: null, reason: 'over' },
    });
  });

  it('is refused without a limit, or with one outside its limits', () => {
    for (const value of [undefined, -1, 1.5, '2', 1_000_001]) {
      expect(faultsOf(readSetBuyerLimit, { ...body, units_max: value })).toEqual(['units_max']);
    }
    expect(faultsOf(readSetBuyerLimit, { ...body, reason: ' ' })).toEqual(['reason']);
  });
});

describe('who orders it', () => {
  const adjustment = { item_id: 'i', delta: 1, reason: 'r', command_id: 'c' };
  const limit = { item_id: 'i', units_max: 1, command_id: 'c' };
  const pause = { item_id: 'i', action: 'pause', command_id: 'c' };

  it.each([
    [readAdjustStock, adjustment],
    [readSetBuyerLimit, limit],
    [readSale, pause],
  ])('stands in the event, and is the operator when nobody is named', (read, body) => {
    expect(planOf(read, { ...body, actor: 'ada' })).toMatchObject({ event: { actor: 'ada' } });
    expect(planOf(read, body)).toMatchObject({ event: { actor: 'operator' } });
    for (const actor of ['', 'a'.repeat(101), 7, 'a\u0000']) {
      expect(faultsOf(read, { ...body, actor })).toEqual(['actor']);
    }
  });
});
