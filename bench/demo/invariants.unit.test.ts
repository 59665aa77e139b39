import type { OrderCompleted, OrderFailed, OrderRequested } from '../../schemas/events';
import { judge, type Evidence } from './invariants';
import { makePlan } from './plan';
import { percentile, table } from './report';

const requested = (id: string, amount: number): OrderRequested => ({
  type: 'OrderRequested',
  request_id: id,
  user_id: 'u',
  item_id: 'cap',
  amount,
  requested_at: 1,
  sales_channel: null,
});
const completed = (id: string, amount: number): OrderCompleted => ({
  type: 'OrderCompleted',
  request_id: id,
  user_id: 'u',
  item_id: 'cap',
  amount,
  epoch: 0,
  payment_id: 'p',
  completed_at: 2,
});
const soldOut = (id: string): OrderFailed => ({
  type: 'OrderFailed',
  request_id: id,
  user_id: 'u',
  item_id: 'cap',
  amount: 2,
  epoch: 0,
  reason: 'SOLD_OUT',
  failed_at: 2,
  detail: null,
});
const accepted = (id: string, amount: number, status: string) => ({
  body: { request_id: id, user_id: 'u', item_id: 'cap', amount },
  position: 'p',
  acceptMs: 1,
  terminalMs: 1,
  status,
});

/** A sale that went well: 3 of 4 caps sold to one buyer, another one refused. */
const healthy: Evidence = {
  unsure: new Set(),
  items: [{ itemId: 'cap', stocked: 4 }],
  orders: [accepted('a', 3, 'COMPLETED'), accepted('b', 2, 'FAILED_SOLD_OUT')],
  shown: [{ itemId: 'cap', stocked: 4, sold: 3, pending: 0 }],
  log: {
    requests: [requested('a', 3), requested('b', 2)],
    outcomes: [completed('a', 3), soldOut('b')],
    deadLetters: 0,
  },
  charges: new Map([['a', 1]]),
};

const broken = (evidence: Partial<Evidence>): readonly string[] =>
  judge({ ...healthy, ...evidence })
    .filter(({ violations }) => violations.length > 0)
    .map(({ name }) => name);
const log = (more: Partial<Evidence['log']>): Partial<Evidence> => ({ log: { ...healthy.log, ...more } });

describe('the judge of a demo', () => {
  it('finds nothing in a sale that went well', () => expect(broken({})).toEqual([]));

  it('finds a 202 that is not in the log', () => {
    expect(broken(log({ requests: [requested('a', 3)] }))).toContain('every 202 is in the log, as sent');
  });

  it('finds a logged request with another content', () => {
    expect(broken(log({ requests: [requested('a', 1), requested('b', 2)] }))).toContain(
      'every 202 is in the log, as sent',
    );
  });

  it('finds an order that nobody was told of', () => {
    expect(broken(log({ requests: [...healthy.log.requests, requested('ghost', 1)] }))).toEqual([
      'nothing else is in the log',
    ]);
  });

  it('lets an order be in the log whose buyer was answered 503', () => {
    const unsure = new Set(['ghost']);
    const outcomes = [...healthy.log.outcomes, soldOut('ghost')];
    const requests = [...healthy.log.requests, requested('ghost', 2)];
    expect(broken({ unsure, ...log({ requests, outcomes }) })).toEqual([]);
  });

  it('finds an order without an outcome, and outcomes that disagree', () => {
    expect(broken(log({ outcomes: [completed('a', 3)] }))).toContain('every order has exactly one outcome');
    expect(broken(log({ outcomes: [...healthy.log.outcomes, completed('b', 2)] }))).toContain(
      'every order has exactly one outcome',
    );
  });

  it('finds a status that is not the one in the log', () => {
    expect(broken({ orders: [accepted('a', 3, 'FAILED_PAYMENT'), healthy.orders[1]!] })).toContain(
      'every status shown is the log’s',
    );
  });

  it('finds an oversold item even when the view shows the same', () => {
    const items = [{ itemId: 'cap', stocked: 2 }];
    expect(broken({ items, shown: [{ itemId: 'cap', stocked: 2, sold: 3, pending: 0 }] })).toEqual([
      'nothing is oversold, no unit leaks',
    ]);
  });

  it('finds a view that leaks units', () => {
    expect(broken({ shown: [{ itemId: 'cap', stocked: 4, sold: 2, pending: 0 }] })).toEqual([
      'nothing is oversold, no unit leaks',
    ]);
  });

  it('finds a double charge and a charge for a failed order', () => {
    const name = 'charged once if and only if completed';
    expect(broken({ charges: new Map([['a', 2]]) })).toEqual([name]);
    expect(
      broken({
        charges: new Map([
          ['a', 1],
          ['b', 1],
        ]),
      }),
    ).toEqual([name]);
  });

  it('says so when the money could not be checked', () => {
    const verdicts = judge({ ...healthy, charges: undefined });
    expect(verdicts.filter(({ notChecked }) => notChecked !== undefined)).toHaveLength(1);
  });
});

describe('the plan of a demo', () => {
  const plan = makePlan({ runId: 'r', seed: 7, orders: 2_000, buyers: 500 });
  const demand = (itemId: string): number =>
    plan.presses.reduce(
      (sum, press) => sum + (press.kind === 'buy' && press.body.item_id === itemId ? press.body.amount : 0),
      0,
    );

  it('is the same for the same seed', () => {
    expect(makePlan({ runId: 'r', seed: 7, orders: 2_000, buyers: 500 })).toEqual(plan);
  });

  it('holds every order once, some repeats and some faulty presses', () => {
    const kinds = plan.presses.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'buy')).toHaveLength(2_000);
    expect(kinds).toContain('repeat');
    expect(kinds).toContain('faulty');
  });

  it('has items scarcer than their demand and items that are not', () => {
    const scarce = plan.items.filter(({ itemId, stocked }) => demand(itemId) > stocked);
    expect(scarce.length).toBeGreaterThanOrEqual(2);
    expect(scarce.length).toBeLessThan(plan.items.length);
  });
});

describe('the report of a demo', () => {
  it('takes percentiles by nearest rank', () => {
    expect([50, 99, 100].map((p) => percentile([4, 1, 3, 2], p))).toEqual([2, 4, 4]);
    expect(percentile([], 50)).toBe(0);
  });

  it('aligns its columns', () => {
    expect(
      table([
        ['item', 'sold'],
        ['cap', '12'],
      ]),
    ).toBe('  item  sold\n  cap     12');
  });
});
