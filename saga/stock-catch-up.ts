import { InfrastructureError, type LogAdmin } from '../chassis/kafka/log';
import { topics } from '../schemas/topics';
import type { Clock } from './ports';
import type { Session } from './gate';
import { shareQuestion } from '../chassis/shared-question';

const waitMaxMs = 3_000;
const lookEveryMs = 25;

/**
 * Makes sure that every stock adjustment in the log at the time of the call is applied, by whichever process has its
 * partition, so that an item without stock is known to be unknown and not merely late. Adjustments of an item that
 * has stock already are not waited for: a restock counts from when it is applied.
 * @throws InfrastructureError when they are not applied within 3 s.
 */
export type CatchUpWithStock = (session: Session) => Promise<void>;

export const createStockCatchUp = (admin: Pick<LogAdmin, 'ends'>, clock: Clock): CatchUpWithStock => {
  const askEnds = shareQuestion(() => admin.ends(topics.stockAdjustments.name));
  return async ({ connection, generation }) => {
    const ends = await askEnds();
    const startedAtMs = clock.nowMs();
    for (;;) {
      const adjusted = await connection.adjusted(generation.epoch);
      if (ends.every((end, partition) => (adjusted.get(partition) ?? 0) >= end)) return;
      if (clock.nowMs() - startedAtMs > waitMaxMs) {
        throw new InfrastructureError('stock adjustments in the log are not applied yet');
      }
      await clock.pause(lookEveryMs);
    }
  };
};
