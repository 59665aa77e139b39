import { ProblemError } from '../chassis/http/problem';
import { viewUnavailable } from './view-route';

/** Of at most 5 s each: who came last waits no longer than a client does. */
const waitingMax = 4;

/**
 * One read at a time, in the order of the questions, so that what may take seconds holds one connection and not all of
 * those that answer buyers. @throws ProblemError 503 when four wait already.
 */
export const inTurn = <Question, Answer>(
  read: (question: Question) => Promise<Answer>,
): ((question: Question) => Promise<Answer>) => {
  let last: Promise<unknown> = Promise.resolve();
  let askers = 0;
  return async (question) => {
    if (askers > waitingMax) throw new ProblemError(viewUnavailable);
    askers += 1;
    const mine = last.then(() => read(question));
    last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      askers -= 1;
    }
  };
};
