import type { LogRecord } from '../chassis/kafka/log';
import { toDeadLetterRecord } from '../schemas/dead-letter';
import type { BurialReason } from './intake';
import type { AtStep } from './ports';
import { attemptsBefore } from '../schemas/postponed-order';
import { sendNoted, type SendParts } from './send-noted';
import type { WrittenLetters } from './written-letters';

export interface BuryParts extends SendParts {
  readonly written: WrittenLetters;
  readonly atStep: AtStep;
  readonly wallClockMs: () => number;
}

export interface Burial {
  readonly record: LogRecord;
  readonly reason: BurialReason;
  readonly detail: string;
}

/**
 * Puts records into the dead-letter topic with their original bytes and headers, each once. Returns for each whether the
 * topic has acknowledged it; one that has not keeps its offset uncommitted.
 */
export const bury = async (parts: BuryParts, burials: readonly Burial[]): Promise<readonly boolean[]> => {
  const fresh = burials.filter(({ record }) => !parts.written.has(record));
  if (fresh.length === 0) return burials.map(() => true);
  const letters = fresh.map(({ record, reason, detail }) =>
    toDeadLetterRecord(record, {
      reason,
      detail,
      consumer: 'saga',
      attempts: attemptsBefore(record) + 1,
      failedAtMs: parts.wallClockMs(),
    }),
  );
  const isAcked = await sendNoted(parts, letters);
  parts.atStep('after-bury');
  const refused = new Set(fresh.filter((_, index) => isAcked[index] !== true));
  for (const burial of fresh) {
    if (refused.has(burial)) continue;
    parts.written.add(burial.record);
    parts.observe.buried(burial.reason);
  }
  return burials.map((burial) => !refused.has(burial));
};
