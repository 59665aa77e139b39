import type { SaleChanged } from '../schemas/events';
import { alwaysOpen, type Sale } from '../schemas/sale';
import { unknownItem } from '../schemas/item-ledger';
import { judgeSale, notOnSale, type SaleOrder } from './sale';
import { readSale } from './sale-command';

const nowMs = Date.parse('2026-11-27T12:00:00Z');
const hour = 3_600_000;
const noWindow = { opensAtMs: null, closesAtMs: null };
const sale = (more: Partial<Sale>): Sale => ({ ...alwaysOpen, version: 1, ...more });
const states = {
  untouched: alwaysOpen,
  open: sale({}),
  scheduled: sale({ opensAtMs: nowMs + hour }),
  paused: sale({ mode: 'PAUSED' }),
  closed: sale({ mode: 'CLOSED' }),
  over: sale({ closesAtMs: nowMs }),
};

describe('a sale', () => {
  const legal: Readonly<Record<keyof typeof states, readonly SaleOrder[]>> = {
    untouched: ['OPEN', 'PAUSE', 'CLOSE', 'SCHEDULE'],
    open: ['PAUSE', 'CLOSE', 'SCHEDULE'],
    scheduled: ['OPEN', 'PAUSE', 'CLOSE', 'SCHEDULE'],
    paused: ['RESUME', 'CLOSE', 'SCHEDULE'],
    closed: ['OPEN', 'SCHEDULE'],
    over: ['OPEN', 'SCHEDULE'],
  };

  it.each(Object.entries(legal))('that is %s takes the orders %p and no other', (name, orders) => {
    const all: readonly SaleOrder[] = ['OPEN', 'PAUSE', 'RESUME', 'CLOSE', 'SCHEDULE'];
    const taken = all.filter(
      (order) => judgeSale(states[name as keyof typeof states], order, noWindow, nowMs).kind === 'change',
    );
    expect(taken).toEqual(orders);
  });

  it('keeps its window over a pause', () => {
    const before = sale({ opensAtMs: nowMs - hour, closesAtMs: nowMs + hour });
    const paused = judgeSale(before, 'PAUSE', noWindow, nowMs);
    expect(paused).toMatchObject({
      sale: { mode: 'PAUSED', opensAtMs: nowMs - hour, closesAtMs: nowMs + hour },
    });
  });

  it('sells at once when it is opened before its time or after its end', () => {
    for (const before of [states.scheduled, states.over, states.closed]) {
      const opened = judgeSale(before, 'OPEN', noWindow, nowMs);
      expect(opened.kind === 'change' && notOnSale({ ...opened.sale, version: 2 }, nowMs)).toBeUndefined();
    }
  });
});

describe('who buys what is not on sale', () => {
  it('too early, is told when to come back', () => {
    expect(notOnSale(states.scheduled, nowMs)).toMatchObject({
      status: 425,
      error: 'SALE_NOT_OPEN',
      retryAfterSeconds: 3600,
      more: { opens_at: '2026-11-27T13:00:00.000Z', server_time: '2026-11-27T12:00:00.000Z' },
    });
    expect(notOnSale(states.scheduled, nowMs + hour)).toBeUndefined();
  });

  it('during a pause, is told to come back; after the end, that it is over', () => {
    expect(notOnSale(states.paused, nowMs)).toMatchObject({
      status: 425,
      error: 'SALE_PAUSED',
      retryAfterSeconds: 5,
    });
    for (const over of [states.closed, states.over]) {
      expect(notOnSale(over, nowMs)).toMatchObject({ status: 410, error: 'SALE_CLOSED' });
      expect(notOnSale(over, nowMs)?.retryAfterSeconds).toBeUndefined();
    }
  });
});

describe('the command sale', () => {
  const context = { actor: 'operator', nowMs };
  const body = { item_id: 'shoe-42', action: 'pause', command_id: 'c-1' };
  const faultsOf = (more: object): readonly string[] => {
    const read = readSale({ ...body, ...more }, context);
    return read.kind === 'faults' ? read.faults.map(({ field }) => field) : [];
  };
  const eventOf = (more: object): SaleChanged | undefined => {
    const read = readSale({ ...body, ...more }, context);
    const plan = read.kind === 'command' ? read.command.plan(unknownItem) : undefined;
    return plan?.kind === 'event' && plan.event.type === 'SaleChanged' ? plan.event : undefined;
  };

  it('becomes a SaleChanged that holds all of what the sale is', () => {
    expect(eventOf({ reason: 'payments are down' })).toEqual({
      type: 'SaleChanged',
      item_id: 'shoe-42',
      action: 'PAUSE',
      mode: 'PAUSED',
      opens_at: null,
      closes_at: null,
      expected_version: 0,
      reason: 'payments are down',
      command_id: 'c-1',
      actor: 'operator',
      changed_at: nowMs,
    });
  });

  it('takes times as text or as milliseconds', () => {
    const opensAt = '2026-11-27T14:00:00+01:00';
    expect(eventOf({ action: 'schedule', opens_at: opensAt })).toMatchObject({ opens_at: nowMs + hour });
    expect(eventOf({ action: 'schedule', closesAt: nowMs + 1 })).toMatchObject({ closes_at: nowMs + 1 });
  });

  it('is told what is wrong with it', () => {
    expect(faultsOf({ action: 'stop' })).toEqual(['action']);
    expect(faultsOf({ item_id: ' ', command_id: '' })).toEqual(['item_id', 'command_id']);
    expect(faultsOf({ opens_at: nowMs + 1 })).toEqual(['opens_at']);
    expect(faultsOf({ action: 'schedule' })).toEqual(['opens_at']);
    expect(faultsOf({ action: 'schedule', opens_at: 'noon' })).toEqual(['opens_at']);
    expect(faultsOf({ action: 'schedule', closes_at: nowMs })).toEqual(['closes_at']);
    expect(faultsOf({ action: 'schedule', opens_at: nowMs + 9, closes_at: nowMs + 9 })).toEqual([
      'closes_at',
    ]);
  });

  it('says what to do instead when the sale cannot go there', () => {
    const read = readSale({ ...body, action: 'resume' }, context);
    expect(read.kind === 'command' && read.command.plan(unknownItem)).toMatchObject({
      problem: { status: 409, error: 'ILLEGAL_TRANSITION', more: { sale: { state: 'OPEN', version: 0 } } },
    });
  });
});
