import { InfrastructureError, type LogProducer, type NewRecord } from '../chassis/kafka/log';
import { toDeadLetterRecord } from '../schemas/dead-letter';
import { topics } from '../schemas/topics';
import type { ReportUndecodable, Undecodable } from './read-records';

/** The saga reads these topics too and parks what it cannot read; one letter is enough. */
const parkedByTheSaga: ReadonlySet<string> = new Set([
  topics.orderRequests.name,
  topics.stockAdjustments.name,
]);

/**
 * So many places are remembered. While PostgreSQL is away each partition comes back with its first batch, of at most
 * 500 records; a batch of poison in each of 16 partitions is 8,000.
 */
const rememberedMax = 10_000;

const placeOf = ({ record }: Undecodable): string => `${record.topic}:${record.partition}:${record.offset}`;

/** The latest places that were dealt with. */
class Remembered {
  readonly #places = new Set<string>();

  has(place: string): boolean {
    return this.#places.has(place);
  }

  add(place: string): void {
    this.#places.add(place);
    if (this.#places.size <= rememberedMax) return;
    for (const oldest of this.#places) {
      this.#places.delete(oldest);
      return;
    }
  }
}

const toLetter = ({ record, reason, detail }: Undecodable): NewRecord =>
  toDeadLetterRecord(record, {
    reason,
    detail,
    consumer: 'projector',
    attempts: 1,
    failedAtMs: record.appendedAtMs,
  });

/**
 * Parks what cannot be decoded in the dead-letter topic, and counts it once it is acknowledged there. A batch is read
 * again whenever PostgreSQL did not take it: what was parked before is not parked again.
 * @throws InfrastructureError when it is not: the batch is then not written either, so that nothing is dropped in silence.
 */
export const createParking = (
  producer: Pick<LogProducer, 'sendAll'>,
  onUndecodable: (found: Undecodable) => void,
): ReportUndecodable => {
  const dealtWith = new Remembered();
  const settle = (one: Undecodable): void => {
    dealtWith.add(placeOf(one));
    onUndecodable(one);
  };
  return async (found) => {
    const fresh = found.filter((one) => !dealtWith.has(placeOf(one)));
    const ours = fresh.filter(({ record }) => !parkedByTheSaga.has(record.topic));
    for (const one of fresh) if (parkedByTheSaga.has(one.record.topic)) settle(one);
    if (ours.length === 0) return;
    const outcomes = await producer.sendAll(ours.map(toLetter));
    for (const [index, one] of ours.entries()) if (outcomes[index]?.kind === 'acked') settle(one);
    const failed = outcomes.find((outcome) => outcome.kind !== 'acked');
    if (failed) {
      throw new InfrastructureError('a dead letter was not acknowledged', { cause: failed.error });
    }
  };
};
