import { InfrastructureError, type LogProducer } from '../chassis/kafka/log';
import { toDeadLetterRecord } from '../schemas/dead-letter';
import { topics } from '../schemas/topics';
import type { ReportUndecodable, Undecodable } from './read-records';

/** The saga reads these topics too and parks what it cannot read; one letter is enough. */
const parkedByTheSaga: ReadonlySet<string> = new Set([topics.orderRequests.name]);

/**
 * Parks what cannot be decoded in the dead-letter topic, once it is acknowledged there.
 * @throws InfrastructureError when it is not: the batch is then not written either, so that nothing is dropped in silence.
 */
export const createParking =
  (producer: Pick<LogProducer, 'sendAll'>, onUndecodable: (found: Undecodable) => void): ReportUndecodable =>
  async (found) => {
    for (const one of found) onUndecodable(one);
    const letters = found
      .filter(({ record }) => !parkedByTheSaga.has(record.topic))
      .map(({ record, reason, detail }) =>
        toDeadLetterRecord(record, {
          reason,
          detail,
          consumer: 'projector',
          attempts: 1,
          failedAtMs: record.appendedAtMs,
        }),
      );
    if (letters.length === 0) return;
    const outcomes = await producer.sendAll(letters);
    const failed = outcomes.find((outcome) => outcome.kind !== 'acked');
    if (failed) {
      throw new InfrastructureError('a dead letter was not acknowledged', { cause: failed.error });
    }
  };
