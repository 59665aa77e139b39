import { backoffMs } from '../../chassis/deadline';
import type { Observe } from '../observe';
import type { CancelOutcome, ChargeOutcome, Clock, Order, Payment, PaymentCall } from '../ports';
import type { PaymentProvider, ProviderCall } from './provider';

export interface PaymentBudget {
  /** Attempts end after this long altogether; an order still unknown then is postponed. */
  readonly budgetMs: number;
  /**
   * Calls under way at once; more wait for their turn, and that time counts. Were it to run from their turn on, a
   * provider that answers nobody would hold eight chunks of 500 orders for eight budgets, past the stall watchdog.
   */
  readonly inFlightMax: number;
  /** Told how long each payment took, its wait for a turn left out. */
  readonly observeStep?: Observe['step'];
}

const backoffBaseMs = 50;
const backoffMaxMs = 1_000;

/** A counting semaphore; waiters are served in their order, and sent away when their time is over. */
class Turns {
  private free: number;
  private readonly waiting: { readonly endsAtMs: number; readonly decide: (isTurn: boolean) => void }[] = [];

  constructor(count: number) {
    this.free = count;
  }

  takeNow(): boolean {
    if (this.free === 0) return false;
    this.free -= 1;
    return true;
  }

  /** True when it is the caller's turn; false when nobody gave one before `endsAtMs`. */
  next(endsAtMs: number): Promise<boolean> {
    return new Promise((decide) => this.waiting.push({ endsAtMs, decide }));
  }

  give(nowMs: number): void {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const isInTime = next.endsAtMs > nowMs;
      next.decide(isInTime);
      if (isInTime) return;
    }
    this.free += 1;
  }
}

/** A charge that gave no answer is asked about before it is tried again, always under the same key. */
const chargeAgain = async (
  provider: PaymentProvider,
  key: string,
  order: Order,
  callNow: () => ProviderCall,
): Promise<ChargeOutcome | undefined> => {
  const found = await provider.query(key, callNow());
  if (found.kind === 'unknown') return undefined;
  if (found.kind !== 'none') return found;
  const call = callNow();
  if (call.withinMs <= 0) return undefined;
  const charged = await provider.charge(key, order, call);
  return charged.kind === 'unknown' ? undefined : charged;
};

/** Repeats what gave no answer, until it knows; `undefined` when the budget is spent or nobody wants it any more. */
const persist = async <T>(
  attempt: () => Promise<T | undefined>,
  { endsAtMs, signal }: PaymentCall,
  clock: Clock,
  random: () => number,
): Promise<T | undefined> => {
  for (let tries = 0; ; tries += 1) {
    const waitMs = backoffBaseMs / 2 + backoffMs(tries, backoffBaseMs, backoffMaxMs, random);
    if (clock.nowMs() + waitMs >= endsAtMs) return undefined;
    await clock.pause(waitMs, signal);
    if (signal?.aborted === true) return undefined;
    const known = await attempt();
    if (known !== undefined) return known;
  }
};

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

  /** `late` when its turn does not come in time, or nobody wants it any more. */
  const inTurn = async <T>(
    step: 'charge' | 'cancel',
    late: T,
    call: PaymentCall,
    work: () => Promise<T>,
  ): Promise<T> => {
    if (clock.nowMs() >= call.endsAtMs) return late;
    if (!turns.takeNow() && !(await turns.next(call.endsAtMs))) return late;
    inFlight += 1;
    try {
      if (call.signal?.aborted === true) return late;
      const startedAtMs = clock.nowMs();
      const outcome = await work();
      budget.observeStep?.(step, clock.nowMs() - startedAtMs);
      return outcome;
    } finally {
      inFlight -= 1;
      turns.give(clock.nowMs());
    }
  };

  /** No call outlasts the budget: two that did, 2 s each behind 4 + 8 s, met the stall watchdog at 15 s. */
  const callNow = ({ endsAtMs, traceparent }: PaymentCall): ProviderCall => ({
    withinMs: endsAtMs - clock.nowMs(),
    traceparent,
  });

  const charge: Payment['charge'] = (key, order, call) =>
    inTurn<ChargeOutcome>('charge', { kind: 'unknown' }, call, async () => {
      const first = await provider.charge(key, order, callNow(call));
      if (first.kind !== 'unknown') return first;
      const again = () => chargeAgain(provider, key, order, () => callNow(call));
      return (await persist(again, call, clock, random)) ?? first;
    });

  const cancelOnce = async (key: string, call: PaymentCall): Promise<CancelOutcome | undefined> =>
    (await provider.cancel(key, callNow(call))).kind === 'cancelled' ? 'cancelled' : undefined;

  const cancel: Payment['cancel'] = (key, call) =>
    inTurn<CancelOutcome>(
      'cancel',
      'unknown',
      call,
      async () =>
        (await cancelOnce(key, call)) ??
        (await persist(() => cancelOnce(key, call), call, clock, random)) ??
        'unknown',
    );

  return {
    budgetEndMs: () => clock.nowMs() + budget.budgetMs,
    charge,
    cancel,
    inFlight: () => inFlight,
  };
};
