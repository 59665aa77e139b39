import type { OrderOutcome } from '../schemas/events';
import type { BurialReason } from './intake';

/** A step of a whole chunk, but `charge` and `cancel` are of one payment: from its turn to its end, repeats included. */
export type Step = 'decide' | 'charge' | 'settle' | 'cancel' | 'produce' | 'fence';

/** What the saga counts. Labels are bounded: no key, user or item ever appears. */
export interface Observe {
  /** An outcome that is in the log, valid for ever. */
  emitted(event: OrderOutcome): void;
  /** Outcomes that were written too late for their epoch: void for every reader, decided again. */
  voided(outcomes: number): void;
  /** A record that the log did not acknowledge. `unencodable`: an outcome of which no event can be made. */
  unwritten(topic: string, why: 'rejected' | 'unknown' | 'unencodable'): void;
  buried(reason: BurialReason): void;
  postponed(orders: number): void;
  /** The payment of an order so old stays unknown past its budget; once for each attempt. */
  paymentUnknown(orderAgeMs: number): void;
  /** One call of the handler: how many records, how many of them done, how long. */
  chunk(records: number, done: number, durationMs: number): void;
  step(step: Step, durationMs: number): void;
}

export const observeNothing: Observe = {
  emitted: () => undefined,
  voided: () => undefined,
  unwritten: () => undefined,
  buried: () => undefined,
  postponed: () => undefined,
  paymentUnknown: () => undefined,
  chunk: () => undefined,
  step: () => undefined,
};
