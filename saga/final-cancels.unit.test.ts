import { FinalCancels } from './final-cancels';
import { createBudgetedPayment } from './payment/budgeted-payment';
import type { PaymentProvider } from './payment/provider';
import type { CancelOutcome, Clock } from './ports';

const keysOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, epoch) => `r1:${epoch}`);

/** Calls take 80 ms each, one after the other, of a clock that only they and pauses move. */
const slowCancels = () => {
  let nowMs = 0;
  const asked: string[] = [];
  const provider = {
    cancel: async (key: string) => {
      await Promise.resolve();
      nowMs += 80;
      asked.push(key);
      return { kind: 'cancelled' as const };
    },
  } as unknown as PaymentProvider;
  const clock: Clock = {
    nowMs: () => nowMs,
    pause: async (milliseconds) => {
      nowMs += milliseconds;
    },
  };
  const payment = createBudgetedPayment(provider, { budgetMs: 1_000, inFlightMax: 1 }, clock, () => 0);
  const cancels = new FinalCancels(payment);
  const attempt = (keys: readonly string[]): Promise<CancelOutcome> =>
    cancels.cancel('r1', keys, { endsAtMs: payment.budgetEndMs() });
  return { attempt, asked };
};

describe('the cancels of an order that waited through many rebuilds', () => {
  it('go on where the budget of the last attempt ended, and ask for no key twice', async () => {
    const { attempt, asked } = slowCancels();
    const keys = keysOf(40);
    const outcomes: CancelOutcome[] = [];
    while (outcomes.at(-1) !== 'cancelled' && outcomes.length < 10) outcomes.push(await attempt(keys));
    expect(outcomes).toEqual(['unknown', 'unknown', 'unknown', 'cancelled']);
    expect(asked).toEqual(keys);
  });

  it('are asked only for the epochs that came since', async () => {
    const { attempt, asked } = slowCancels();
    await attempt(keysOf(3));
    expect(await attempt(keysOf(4))).toBe('cancelled');
    expect(asked).toEqual(keysOf(4));
  });

  it('begin again when the list is not the one that was begun', async () => {
    const { attempt, asked } = slowCancels();
    await attempt(['r1:1', 'r1:3']);
    await attempt(['r1:1', 'r1:2', 'r1:3']);
    expect(asked).toEqual(['r1:1', 'r1:3', 'r1:1', 'r1:2', 'r1:3']);
  });

  it('stop at the first that is not known, and are asked many at once', async () => {
    const asked: string[] = [];
    const cancels = new FinalCancels({
      cancel: (key) => {
        asked.push(key);
        return Promise.resolve(key === 'r1:40' ? 'unknown' : 'cancelled');
      },
    });
    const keys = keysOf(100);
    expect(await cancels.cancel('r1', keys, { endsAtMs: 0 })).toBe('unknown');
    expect(asked).toEqual(keysOf(64));
    await cancels.cancel('r1', keys, { endsAtMs: 0 });
    expect(asked.slice(64)).toEqual(keys.slice(40, 72));
  });
});
