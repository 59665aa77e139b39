import type { OrderCompleted, OrderFailed, StockAdjusted } from '../schemas/events';
import { StockFold } from './stock-fold';

const completed = (key: string, epoch: number, more: Partial<OrderCompleted> = {}): OrderCompleted => ({
  type: 'OrderCompleted',
  request_id: key,
  user_id: 'ann',
  item_id: 'shoe',
  amount: 1,
  epoch,
  payment_id: 'p',
  completed_at: 1,
  ...more,
});
const failed = (key: string, epoch: number): OrderFailed => ({
  type: 'OrderFailed',
  request_id: key,
  user_id: 'ann',
  item_id: 'shoe',
  amount: 1,
  epoch,
  reason: 'SOLD_OUT',
  failed_at: 1,
  detail: null,
});
const marker = (epoch: number) => ({ type: 'EpochStarted', epoch, started_at: 0 }) as const;
const stocked = (delta: number, commandId: string): StockAdjusted => ({
  type: 'StockAdjusted',
  item_id: 'shoe',
  delta,
  reason: 'r',
  command_id: commandId,
  actor: 'a',
  adjusted_at: 0,
  expected_version: null,
});
const limit = (unitsMax: number | null, commandId: string) =>
  ({
    type: 'BuyerLimitSet',
    item_id: 'shoe',
    units_max: unitsMax,
    command_id: commandId,
    actor: 'a',
    set_at: 0,
    reason: null,
  }) as const;

let fold: StockFold;
beforeEach(() => {
  fold = new StockFold();
  fold.adjustment(stocked(5, 'c1'));
});
const shoe = () => fold.items()[0];

describe('the fold of the log', () => {
  it('counts the first outcome of a key and no later one', () => {
    expect(fold.outcome(0, completed('r1', 0, { amount: 2 }), 10).kind).toBe('first');
    expect(fold.outcome(0, failed('r1', 0), 11).kind).toBe('repeat');
    expect(shoe()).toMatchObject({ total: 5, sold: 2, available: 3, reserved: 0 });
    expect(fold.buyers()).toEqual([{ itemId: 'shoe', userId: 'ann', units: 2 }]);
  });

  it('voids what an epoch wrote behind its successor’s marker, in that partition only', () => {
    expect(fold.outcome(0, marker(4), 20).kind).toBe('marker');
    expect(fold.outcome(0, completed('late', 3), 21).kind).toBe('void');
    expect(fold.outcome(1, completed('other', 3), 21).kind).toBe('first');
    expect(fold.voids()).toEqual({ events: 1, unresolved: 1 });
    expect(fold.outcome(0, failed('late', 4), 22).kind).toBe('first');
    expect(fold.voids()).toEqual({ events: 1, unresolved: 0 });
    expect(shoe()).toMatchObject({ sold: 1 });
  });

  it('is not set back by an older marker that arrives late', () => {
    fold.outcome(0, marker(4), 20);
    fold.outcome(0, marker(2), 30);
    expect(fold.outcome(0, completed('r1', 3), 31).kind).toBe('void');
    expect(fold.startedEpochs()).toEqual([
      { epoch: 4, startedAtMs: 20 },
      { epoch: 2, startedAtMs: 30 },
    ]);
  });

  it('adds up the commands that took effect, in the order of the log', () => {
    fold.adjustment(stocked(-2, 'c2'));
    fold.adjustment(limit(3, 'c3'));
    expect(shoe()).toMatchObject({ total: 3, available: 3, unitsMax: 3 });
    expect(fold.commandIds()).toEqual(['c1', 'c2', 'c3']);
  });

  it('remembers when the oldest valid outcome was appended', () => {
    expect(fold.oldestOutcomeAtMs()).toBeUndefined();
    fold.outcome(0, completed('b', 0), 30);
    fold.outcome(1, completed('a', 0), 20);
    expect(fold.oldestOutcomeAtMs()).toBe(20);
  });
});

describe('an order that waits in payment-retries', () => {
  const order = (key: string, amount: number) => ({
    key,
    order: { key, userId: 'bob', itemId: 'shoe', amount },
    isOffSale: false,
  });

  it('keeps its units and its buyer’s, once', () => {
    expect(fold.postponed(order('r1', 4), 50)).toMatchObject({ state: 'RESERVED', atMs: 50 });
    expect(fold.postponed(order('r1', 4), 50)).toBeUndefined();
    expect(shoe()).toMatchObject({ reserved: 4, available: 1 });
    expect(fold.postponed(order('r2', 2), 50)).toMatchObject({ state: 'FAILED', reason: 'SOLD_OUT' });
  });

  it('is refused over the buyer’s limit before it is refused for want of stock', () => {
    fold.adjustment(limit(1, 'c2'));
    expect(fold.postponed(order('r1', 9), 50)).toMatchObject({ state: 'FAILED', reason: 'LIMIT_EXCEEDED' });
  });

  it('is left alone when it has an outcome', () => {
    fold.outcome(3, completed('r1', 0), 10);
    expect(fold.postponed(order('r1', 1), 50)).toBeUndefined();
  });

  it('keeps its key when its item is unknown, so that nothing else under the key overtakes it', () => {
    const hat = { key: 'r2', userId: 'bob', itemId: 'hat', amount: 1 };
    const nowhere = { key: 'r2', order: hat, isOffSale: false };
    expect(fold.postponed(nowhere, 50)).toMatchObject({
      state: 'FAILED',
      reason: 'UNKNOWN_ITEM',
      order: hat,
    });
    expect(fold.postponed({ ...nowhere, order: undefined }, 50)).toBeUndefined();
  });

  it('keeps the key of poison', () => {
    expect(fold.postponed({ key: 'bad', order: undefined, isOffSale: false }, 50)).toMatchObject({
      reason: 'UNPROCESSABLE',
    });
  });
});
