import { ProblemError } from '../chassis/http/problem';
import type { FirstAnswer } from './admission';
import { inFlight, payloadMismatch, unavailable } from './buy';
import type { Submitted } from './command-path';

/**
 * The first answer to an operator's command and whether it is given again.
 * @throws ProblemError unless the command is in the log.
 */
export const firstAnswerOf = (
  submitted: Submitted,
): { readonly first: FirstAnswer; readonly replayed: boolean } => {
  switch (submitted.kind) {
    case 'appended':
      return { first: submitted.first, replayed: false };
    case 'accepted':
      return { first: submitted.first, replayed: true };
    case 'refused':
      throw new ProblemError(submitted.problem);
    case 'in-flight':
      throw new ProblemError(inFlight(submitted.retryAfterMs));
    case 'mismatch':
      throw new ProblemError(payloadMismatch);
    case 'unavailable':
      throw new ProblemError(unavailable(submitted.reason, submitted.retryAfterMs));
    case 'limited':
      throw new Error('an operator’s command has no window to be limited by');
  }
};
