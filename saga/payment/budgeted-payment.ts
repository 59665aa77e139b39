import { backoffMs } from '../../chassis/deadline';
import type { CancelOutcome, ChargeOutcome, Clock, Order, Payment } from '../ports';
import type { PaymentProvider } from './provider';

export interface PaymentBudget {
  /** Attempts end after this long altogether; an order still unknown then is postponed. */
  readonly budgetMs: number;
  /** Calls under way at once; more wait for their turn, and their budget runs from then on. */
  readonly inFlightMax: number;
}

const backoffBaseMs = 50;
const backoffMaxMs = 1_000;

/** A counting semaphore; waiters are served in their order. */
class Turns {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  async take(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}

/**
 * A provider's single attempts made into a charge and a cancel that try until they know or their budget is spent. An
 * unknown charge is asked about before it is tried again, always under the same key.
 */
export const createBudgetedPayment = (
  provider: PaymentProvider,
  budget: PaymentBudget,
  clock: Clock,
  random: () => number = Math.random,
): Payment & { readonly inFlight: () => number } => {
  const turns = new Turns(budget.inFlightMax);
  let inFlight = 0;

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    await turns.take();
    inFlight += 1;
    try {
      return await work();
    } finally {
      inFlight -= 1;
      turns.give();
    }
  };

  /** Repeats `attempt` until it knows; `undefined` when the budget is spent. */
  const persist = async <T>(
    attempt: (isFirst: boolean) => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    const endsAtMs = clock.nowMs() + budget.budgetMs;
    for (let tries = 0; ; tries += 1) {
      const known = await attempt(tries === 0);
      if (known !== undefined) return known;
      const waitMs = backoffBaseMs / 2 + backoffMs(tries, backoffBaseMs, backoffMaxMs, random);
      if (clock.nowMs() + waitMs >= endsAtMs) return undefined;
      await clock.pause(waitMs);
    }
  };

  const chargeOnce = async (
    key: string,
    order: Order,
    traceparent: string | undefined,
    isFirst: boolean,
  ): Promise<ChargeOutcome | undefined> => {
    if (!isFirst) {
      const found = await provider.query(key);
      if (found.kind === 'unknown') return undefined;
      if (found.kind !== 'none') return found;
    }
    const charged = await provider.charge(key, order, traceparent);
    return charged.kind === 'unknown' ? undefined : charged;
  };

  const cancelOnce = async (key: string): Promise<CancelOutcome | undefined> =>
    (await provider.cancel(key)).kind === 'cancelled' ? 'cancelled' : undefined;

  return {
    charge: (key, order, traceparent) =>
      inTurn(
        async () =>
          (await persist((isFirst) => chargeOnce(key, order, traceparent, isFirst))) ?? { kind: 'unknown' },
      ),
    cancel: (key) => inTurn(async () => (await persist(() => cancelOnce(key))) ?? 'unknown'),
    inFlight: () => inFlight,
  };
};
