import type { LogRecord } from '../chassis/kafka/log';
import { toDeadLetterRecord } from '../schemas/dead-letter';
import type { BurialReason } from './intake';
import type { AtStep } from './ports';
import { attemptsBefore } from '../schemas/postponed-order';
import { sendNoted, type SendParts } from './send-noted';

export interface BuryParts extends SendParts {
  readonly atStep: AtStep;
  readonly wallClockMs: () => number;
}

export interface Burial {
  readonly record: LogRecord;
  readonly reason: BurialReason;
  readonly detail: string;
}

/**
 * Puts records into the dead-letter topic with their original bytes and headers. Returns for each whether the
 * topic has acknowledged it; one that has not keeps its offset uncommitted.
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
  const isAcked = await sendNoted(parts, letters);
  parts.atStep('after-bury');
  const refused = new Set(burials.filter((_, index) => isAcked[index] !== true));
  for (const burial of burials) {
    if (refused.has(burial)) continue;
    parts.observe.buried(burial.reason);
  }
  return burials.map((burial) => !refused.has(burial));
};
