import { withDeadline } from '../chassis/deadline';
import type { LogAdmin } from '../chassis/kafka/log';

/** High ends by partition. */
export type Ends = readonly number[];

const answerWithinMs = 1_000;

/**
 * How long the log is. Many callers share one question, but only one that was asked after they came: an answer
 * already under way may be older than the order they ask for. So there is never more than one question at a time,
 * however many unknown ids are asked for.
 */
export class LogEnds {
  readonly #admin: Pick<LogAdmin, 'ranges'>;
  readonly #topic: string;
  #asking: Promise<Ends> | undefined;
  #next: Promise<Ends> | undefined;

  constructor(admin: Pick<LogAdmin, 'ranges'>, topic: string) {
    this.#admin = admin;
    this.#topic = topic;
  }

  /** The ends at some moment after the call. Rejects when Kafka does not say within a second. */
  now(): Promise<Ends> {
    if (this.#asking === undefined) return this.#begin();
    this.#next ??= this.#after(this.#asking);
    return this.#next;
  }

  async #after(before: Promise<Ends>): Promise<Ends> {
    await before.catch(() => undefined);
    this.#next = undefined;
    return this.#begin();
  }

  #begin(): Promise<Ends> {
    const asked = withDeadline(this.#ask(), answerWithinMs, `the ends of ${this.#topic}`).finally(() => {
      if (this.#asking === asked) this.#asking = undefined;
    });
    this.#asking = asked;
    return asked;
  }

  async #ask(): Promise<Ends> {
    const ranges = await this.#admin.ranges(this.#topic);
    const ends: number[] = [];
    for (const { partition, high } of ranges) ends[partition] = high;
    return ends;
  }
}
