import { withDeadline } from '../chassis/deadline';
import type { LogAdmin } from '../chassis/kafka/log';
import { shareQuestion } from '../chassis/shared-question';

/** High ends by partition. */
export type Ends = readonly number[];

const answerWithinMs = 1_000;

/** How long the log is. There is never more than one question at a time, however many unknown ids are asked for. */
export interface LogEnds {
  /** The ends at some moment after the call. Rejects when Kafka does not say within a second. */
  now(): Promise<Ends>;
}

export const createLogEnds = (admin: Pick<LogAdmin, 'ends'>, topic: string): LogEnds => ({
  now: shareQuestion(() => withDeadline(admin.ends(topic), answerWithinMs, `the ends of ${topic}`)),
});
