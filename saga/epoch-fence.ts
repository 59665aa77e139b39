import type { LogAdmin } from '../chassis/kafka/log';
import { topics } from '../schemas/topics';
import { shareQuestion } from '../chassis/shared-question';

/**
 * Which epoch was claimed last, asked of the log itself. An epoch is the offset of its claim in a topic of one
 * partition, so the newest claim is the high end minus one. A claim comes before its generation's markers: while
 * nobody has claimed a newer epoch, no marker stands before what was just written, and it is valid for ever.
 */
export interface EpochFence {
  /** Offset of the newest claim at some moment after the call; -1 when there is none. Throws InfrastructureError. */
  newestClaim(): Promise<number>;
}

export const createEpochFence = (admin: Pick<LogAdmin, 'ends'>): EpochFence => ({
  newestClaim: shareQuestion(async () => {
    const [end = 0] = await admin.ends(topics.sagaEpochs.name);
    return end - 1;
  }),
});
