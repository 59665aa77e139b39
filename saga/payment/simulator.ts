import { hash } from 'node:crypto';
import { uuidV5 } from '../../schemas/event-id';
import type { Clock, Order } from '../ports';
import type { PaymentProvider, ProviderCall, ProviderCharge } from './provider';

export interface SimulatorSettings {
  /** Changes which orders are declined and which answers get lost. */
  readonly seed: string;
  /** Time from a call to its answer. */
  readonly latencyMs: number;
  /** Share of orders that are declined, 0 to 1; an order is declined under every key it is charged with. */
  readonly declineRate: number;
  /** Share of calls that take effect and whose answer is lost, 0 to 1. */
  readonly timeoutRate: number;
  /** How long a caller waits for an answer that is lost, or for one during an outage. */
  readonly timeoutMs: number;
}

/** What happened to money, in order; the proof that an order was charged if and only if it completed. */
export type JournalEntry =
  | {
      readonly op: 'charged';
      readonly key: string;
      readonly requestId: string;
      readonly amount: number;
      readonly paymentId: string;
    }
  | { readonly op: 'declined'; readonly key: string; readonly requestId: string }
  | { readonly op: 'cancelled'; readonly key: string; readonly wasCharged: boolean };

/** Buyers whose cards the simulator declines, as providers have numbers of cards for tests. */
export const decliningBuyerPrefix = 'declined-';

const declined = { kind: 'declined', code: 'card_declined' } as const;

type Known =
  | { readonly kind: 'approved'; readonly paymentId: string }
  | typeof declined
  | { readonly kind: 'cancelled' };

/** A number from 0 to 1 that depends on the text alone. */
const share = (text: string): number => parseInt(hash('sha1', text, 'hex').slice(0, 8), 16) / 0x1_0000_0000;

/**
 * A payment provider that keeps its word: one outcome per key, a final cancel, and a journal. Faults are drawn from the
 * seed, so that a run can be repeated. While `isOut` it answers nobody and does nothing.
 */
export class PaymentSimulator implements PaymentProvider {
  isOut = false;
  private readonly settings: SimulatorSettings;
  private readonly clock: Clock;
  private readonly write: (entry: JournalEntry) => void;
  private readonly known = new Map<string, Known>();
  private calls = 0;

  constructor(
    settings: SimulatorSettings,
    clock: Clock,
    write: (entry: JournalEntry) => void = () => undefined,
  ) {
    this.settings = settings;
    this.clock = clock;
    this.write = write;
  }

  charge(paymentKey: string, order: Order, call?: ProviderCall): Promise<ProviderCharge> {
    if (this.isOut) return this.silence(call);
    return this.answer(this.chargeNow(paymentKey, order), call);
  }

  async query(paymentKey: string, call?: ProviderCall): Promise<ProviderCharge | { readonly kind: 'none' }> {
    if (this.isOut) return this.silence(call);
    return this.answer(this.known.get(paymentKey) ?? { kind: 'none' as const }, call);
  }

  async cancel(
    paymentKey: string,
    call?: ProviderCall,
  ): Promise<{ readonly kind: 'cancelled' } | { readonly kind: 'unknown' }> {
    if (this.isOut) return this.silence(call);
    this.cancelNow(paymentKey);
    return this.answer({ kind: 'cancelled' as const }, call);
  }

  /** The effect without latency and lost answers. */
  chargeNow(paymentKey: string, order: Pick<Order, 'key' | 'userId' | 'amount'>): Known {
    const before = this.known.get(paymentKey);
    if (before) return before;
    const outcome = this.decide(paymentKey, order);
    this.known.set(paymentKey, outcome);
    if (outcome.kind === 'approved') {
      const { paymentId } = outcome;
      this.write({ op: 'charged', key: paymentKey, requestId: order.key, amount: order.amount, paymentId });
    } else {
      this.write({ op: 'declined', key: paymentKey, requestId: order.key });
    }
    return outcome;
  }

  cancelNow(paymentKey: string): void {
    const before = this.known.get(paymentKey);
    if (before?.kind === 'cancelled') return;
    this.known.set(paymentKey, { kind: 'cancelled' });
    this.write({ op: 'cancelled', key: paymentKey, wasCharged: before?.kind === 'approved' });
  }

  queryNow(paymentKey: string): Known | undefined {
    return this.known.get(paymentKey);
  }

  /** Takes back what an earlier process wrote to the journal. */
  restore(entry: JournalEntry): void {
    switch (entry.op) {
      case 'charged':
        this.known.set(entry.key, { kind: 'approved', paymentId: entry.paymentId });
        return;
      case 'declined':
        this.known.set(entry.key, declined);
        return;
      case 'cancelled':
        this.known.set(entry.key, { kind: 'cancelled' });
        return;
    }
  }

  private decide(paymentKey: string, { key, userId }: Pick<Order, 'key' | 'userId'>): Known {
    const { seed, declineRate } = this.settings;
    if (userId.startsWith(decliningBuyerPrefix)) return declined;
    if (declineRate > 0 && share(`${seed} decline ${key}`) < declineRate) return declined;
    return { kind: 'approved', paymentId: uuidV5(`${paymentKey}:payment`) };
  }

  /** Delivers an answer after its latency, or loses it. */
  private answer<T>(outcome: T, call: ProviderCall | undefined): Promise<T | { readonly kind: 'unknown' }> {
    const { latencyMs, timeoutRate } = this.settings;
    return latencyMs === 0 && timeoutRate === 0 ? Promise.resolve(outcome) : this.answerLate(outcome, call);
  }

  private async answerLate<T>(
    outcome: T,
    call: ProviderCall | undefined,
  ): Promise<T | { readonly kind: 'unknown' }> {
    const { seed, latencyMs, timeoutRate } = this.settings;
    this.calls += 1;
    const isLost = timeoutRate > 0 && share(`${seed} timeout ${this.calls}`) < timeoutRate;
    if (isLost || latencyMs > this.patienceMs(call)) return this.silence(call);
    if (latencyMs > 0) await this.clock.pause(latencyMs);
    return outcome;
  }

  private patienceMs(call: ProviderCall | undefined): number {
    return Math.min(this.settings.timeoutMs, call?.withinMs ?? Infinity);
  }

  private async silence(call: ProviderCall | undefined): Promise<{ readonly kind: 'unknown' }> {
    await this.clock.pause(this.patienceMs(call));
    return { kind: 'unknown' };
  }
}
