import type { Clock, Order } from '../ports';
import { createBudgetedPayment } from './budgeted-payment';
import type { PaymentProvider, ProviderCharge } from './provider';

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

  it('gives every waiting payment its turn when the provider answers', async () => {
    const { provider, clock, charged } = slowProvider({ kind: 'approved', paymentId: 'p' });
    const payment = createBudgetedPayment(provider, { budgetMs: 1_000, inFlightMax: 2 }, clock, () => 0);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const call = { endsAtMs: payment.budgetEndMs() };
    const outcomes = await Promise.all(keys.map((key) => payment.charge(key, order, call)));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['approved']));
    expect(charged).toEqual(keys);
  });
});
