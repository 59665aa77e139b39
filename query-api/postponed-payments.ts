import type { LogAdmin, LogReader } from '../chassis/kafka/log';
import { attemptsBefore } from '../schemas/postponed-order';
import { topics } from '../schemas/topics';

/** An order whose payment nobody knows yet, as the saga parked it last. */
export interface PostponedPayment {
  /** How often it was tried within `PAYMENT_BUDGET` so far. */
  readonly attempts: number;
  /** By the broker's clock. */
  readonly parkedAtMs: number;
}

export type FindPostponed = (keys: ReadonlySet<string>) => Promise<ReadonlyMap<string, PostponedPayment>>;

const topic = topics.paymentRetries.name;
/** Of each partition, the newest: an order that is still tried is written again and again. */
const recordsMax = 1_000;
const withinMs = 1_000;

/**
 * Looks into the newest records of `payment-retries`. What cannot be read in a second is left out: the answer is for
 * a person who wants to know why an order waits, and Kafka may be the reason.
 */
export const postponedPayments =
  (admin: Pick<LogAdmin, 'ranges'>, reader: LogReader): FindPostponed =>
  async (keys) => {
    const found = new Map<string, PostponedPayment>();
    const signal = AbortSignal.timeout(withinMs);
    const read = async (): Promise<void> => {
      const ranges = await admin.ranges(topic);
      await reader.read({
        topic,
        from: new Map(
          ranges.map(({ partition, low, high }) => [partition, Math.max(low, high - recordsMax)]),
        ),
        signal,
        onRecords: (records) => {
          for (const record of records) {
            const key = record.key?.toString() ?? '';
            if (!keys.has(key)) continue;
            found.set(key, { attempts: attemptsBefore(record), parkedAtMs: record.appendedAtMs });
          }
        },
      });
    };
    const tooLate = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([read().catch(() => undefined), tooLate]);
    return found;
  };
