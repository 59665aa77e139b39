import type { Clock, Order } from '../ports';
import { createBudgetedPayment } from './budgeted-payment';
import type { PaymentProvider, ProviderCall, ProviderCharge } from './provider';

const order: Order = { key: 'r1', userId: 'ann', itemId: 'shoe', amount: 1 };

/** A provider whose calls take 80 ms of a clock that only they and pauses move. */
const slowProvider = (answer: ProviderCharge) => {
  let nowMs = 0;
  const charged: string[] = [];
  const call = async <T>(outcome: T): Promise<T> => {
    await Promise.resolve();
    nowMs += 80;
    return outcome;
  };
  const provider: PaymentProvider = {
    charge: (key) => {
      charged.push(key);
      return call(answer);
    },
    query: () => call({ kind: 'unknown' as const }),
    cancel: () => call({ kind: 'unknown' as const }),
  };
  const clock: Clock = {
    nowMs: () => nowMs,
    pause: async (milliseconds) => {
      nowMs += milliseconds;
    },
  };
  return { provider, clock, charged, nowMs: () => nowMs };
};

describe('a payment with a budget', () => {
  it('shares it among all calls of an order, so that cancels before a charge take none of their own', async () => {
    const { provider, clock, charged, nowMs } = slowProvider({ kind: 'unknown' });
    const payment = createBudgetedPayment(provider, { budgetMs: 200, inFlightMax: 1 }, clock, () => 0);
    const call = { endsAtMs: payment.budgetEndMs() };
    for (const key of ['a:1', 'a:2', 'a:3']) expect(await payment.cancel(key, call)).toBe('unknown');
    expect(await payment.charge('a:4', order, call)).toEqual({ kind: 'unknown' });
    expect(charged).toEqual([]);
    expect(nowMs()).toBeLessThan(400);
  });

  it('waits for its turn within its own budget, so that a chunk is held for one budget and not for many', async () => {
    const { provider, clock, charged, nowMs } = slowProvider({ kind: 'unknown' });
    const payment = createBudgetedPayment(provider, { budgetMs: 100, inFlightMax: 1 }, clock, () => 0);
    const call = { endsAtMs: payment.budgetEndMs() };
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((key) => payment.charge(key, order, call)));
    expect(outcomes).toEqual(Array.from({ length: 4 }, () => ({ kind: 'unknown' })));
    expect(charged).toEqual(['a', 'b']);
    expect(nowMs()).toBeLessThan(200);
    expect(payment.inFlight()).toBe(0);
  });

  it('is timed from its turn to its end, for charges and cancels apart', async () => {
    const { provider, clock } = slowProvider({ kind: 'approved', paymentId: 'p' });
    const steps: [string, number][] = [];
    const observeStep = (step: string, durationMs: number): unknown => steps.push([step, durationMs]);
    const budget = { budgetMs: 100, inFlightMax: 1, observeStep };
    const payment = createBudgetedPayment(provider, budget, clock, () => 0);
    const call = { endsAtMs: payment.budgetEndMs() };
    const charged = payment.charge('a', order, call);
    await Promise.all([charged, payment.cancel('late', { endsAtMs: 70 }), payment.cancel('b', call)]);
    expect(steps).toEqual([
      ['charge', 80],
      ['cancel', 80],
    ]);
  });

  it('begins no call once nobody wants it any more, and hands the turn on', async () => {
    const { provider, clock, charged } = slowProvider({ kind: 'approved', paymentId: 'p' });
    const payment = createBudgetedPayment(provider, { budgetMs: 1_000, inFlightMax: 1 }, clock, () => 0);
    const stop = new AbortController();
    const call = { endsAtMs: payment.budgetEndMs() };
    const stopped = { ...call, signal: stop.signal };
    const outcomes = [
      payment.charge('under way', order, stopped),
      payment.charge('queued', order, stopped),
      payment.cancel('queued too', stopped),
      payment.charge("somebody else's", order, call),
    ];
    stop.abort();
    const approved = { kind: 'approved', paymentId: 'p' };
    expect(await Promise.all(outcomes)).toEqual([approved, { kind: 'unknown' }, 'unknown', approved]);
    expect(charged).toEqual(['under way', "somebody else's"]);
    expect(payment.inFlight()).toBe(0);
  });

  it('tries nothing again once nobody wants it any more', async () => {
    const { provider, clock, charged } = slowProvider({ kind: 'unknown' });
    const answers = { ...provider, query: async () => ({ kind: 'none' as const }) };
    const stop = new AbortController();
    const pause: Clock['pause'] = async () => stop.abort();
    const budget = { budgetMs: 1_000, inFlightMax: 1 };
    const payment = createBudgetedPayment(answers, budget, { ...clock, pause }, () => 0);
    const call = { endsAtMs: payment.budgetEndMs(), signal: stop.signal };
    expect(await payment.charge('a', order, call)).toEqual({ kind: 'unknown' });
    expect(charged).toEqual(['a']);
  });

  it('gives every waiting payment its turn when the provider answers', async () => {
    const { provider, clock, charged } = slowProvider({ kind: 'approved', paymentId: 'p' });
    const payment = createBudgetedPayment(provider, { budgetMs: 1_000, inFlightMax: 2 }, clock, () => 0);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const call = { endsAtMs: payment.budgetEndMs() };
    const outcomes = await Promise.all(keys.map((key) => payment.charge(key, order, call)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['approved']));
    expect(charged).toEqual(keys);
  });

  it('asks what became of a charge without an answer, and takes what it hears instead of charging again', async () => {
    const { provider, clock, charged } = slowProvider({ kind: 'unknown' });
    const found = { ...provider, query: async () => ({ kind: 'approved' as const, paymentId: 'p' }) };
    const payment = createBudgetedPayment(found, { budgetMs: 1_000, inFlightMax: 1 }, clock, () => 0);
    const outcome = await payment.charge('a:1', order, { endsAtMs: payment.budgetEndMs() });
    expect(outcome).toEqual({ kind: 'approved', paymentId: 'p' });
    expect(charged).toEqual(['a:1']);
  });

  it('gives each call what is left of it and no more, so that a chunk ends with its budget', async () => {
    let nowMs = 0;
    const silent = async (_key: string, call?: ProviderCall): Promise<{ readonly kind: 'unknown' }> => {
      await Promise.resolve();
      nowMs += Math.min(2_000, call?.withinMs ?? Infinity);
      return { kind: 'unknown' };
    };
    const clock: Clock = {
      nowMs: () => nowMs,
      pause: async (milliseconds) => {
        nowMs += milliseconds;
      },
    };
    const provider = { charge: (key: string, _order: Order, call?: ProviderCall) => silent(key, call) };
    const answersNobody: PaymentProvider = { ...provider, query: silent, cancel: silent };
    for (const budgetMs of [4_500, 6_200, 8_000]) {
      const payment = createBudgetedPayment(answersNobody, { budgetMs, inFlightMax: 1 }, clock, () => 0);
      const endsAtMs = payment.budgetEndMs();
      expect(await payment.charge('a:1', order, { endsAtMs })).toEqual({ kind: 'unknown' });
      expect(nowMs).toBeLessThanOrEqual(endsAtMs);
      nowMs = endsAtMs - 100;
      expect(await payment.cancel('a:1', { endsAtMs })).toBe('unknown');
      expect(nowMs).toBeLessThanOrEqual(endsAtMs);
    }
  });
});
