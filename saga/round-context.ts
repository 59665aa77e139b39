import type { LogProducer } from '../chassis/kafka/log';
import type { Tracing } from '../chassis/tracing';
import type { EventCodec } from '../schemas/codec';
import type { DecidedInLog } from './decided-in-log';
import type { EpochFence } from './epoch-fence';
import type { FinalCancels } from './final-cancels';
import type { Session } from './gate';
import type { Observe } from './observe';
import type { OrderWork } from './order-work';
import type { AtStep, Clock, Memory, Payment } from './ports';
import type { Sales } from './sales';
import type { Trouble } from './send-noted';
import type { CatchUpWithStock } from './stock-catch-up';
import type { WrittenLetters } from './written-letters';

export interface RoundParts {
  readonly codec: EventCodec;
  readonly producer: LogProducer;
  readonly fence: EpochFence;
  readonly payment: Payment;
  readonly decidedInLog: DecidedInLog;
  readonly catchUpWithStock: CatchUpWithStock;
  readonly sales: Sales;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly atStep: AtStep;
  readonly observe: Observe;
  readonly tracing: Tracing;
  /** Wall clock, for what people read in a dead letter or a metric, and for how often a held order is written anew. */
  readonly wallClockMs: () => number;
  /**
   * What to do with orders whose payment is unknown past its budget: `resend` them to `payment-retries`, or, in the
   * consumer of that topic, `hold` them while the provider answers for none of a chunk.
   */
  readonly onUnknownPayment: 'resend' | 'hold';
  /** An order whose payment is still unknown so long after its request is refused. */
  readonly paymentGiveUpMs: number;
}

/** One attempt to bring a chunk's orders to their outcomes, within one session. */
export interface RoundContext extends RoundParts {
  readonly session: Session;
  readonly signal: AbortSignal;
  readonly finalCancels: FinalCancels;
  readonly written: WrittenLetters;
  readonly trouble: Trouble;
  /** For all payments and cancels of the attempt. */
  readonly paymentsEndAtMs: number;
}

/** Work whose key can carry an outcome. */
export interface KeyedWork {
  readonly work: OrderWork;
  readonly key: string;
}

/** The store or the log says that this session's epoch has ended; what is not done must be tried in the next one. */
export const epochOver = 'epoch-over';
export type EpochOver = typeof epochOver;
export type RoundEnd = 'went-through' | EpochOver;
