import type { LogProducer, LogRecord } from '../chassis/kafka/log';
import { toDeadLetterRecord } from '../schemas/dead-letter';
import type { BurialReason } from './intake';
import type { Observe } from './observe';
import type { AtStep } from './ports';
import { attemptsBefore } from '../schemas/postponed-order';

export interface BuryParts {
  readonly producer: LogProducer;
  readonly observe: Observe;
  readonly atStep: AtStep;
  readonly wallClockMs: () => number;
}

export interface Burial {
  readonly record: LogRecord;
  readonly reason: BurialReason;
  readonly detail: string;
}

/**
 * Puts records into the dead-letter topic with their original bytes and headers. Returns for each whether the topic
 * has acknowledged it; one that has not keeps its offset uncommitted.
 */
export const bury = async (parts: BuryParts, burials: readonly Burial[]): Promise<readonly boolean[]> => {
  if (burials.length === 0) return [];
  const letters = burials.map(({ record, reason, detail }) =>
    toDeadLetterRecord(record, {
      reason,
      detail,
      consumer: 'saga',
      attempts: attemptsBefore(record) + 1,
      failedAtMs: parts.wallClockMs(),
    }),
  );
  const outcomes = await parts.producer.sendAll(letters);
  parts.atStep('after-bury');
  return burials.map(({ reason }, index) => {
    const isAcked = outcomes[index]?.kind === 'acked';
    if (isAcked) parts.observe.buried(reason);
    return isAcked;
  });
};
