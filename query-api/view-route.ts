import type { Request, RequestHandler, Response } from 'express';
import type { Identify } from '../chassis/http/identity';
import { ProblemError, type Problem } from '../chassis/http/problem';
import { isPostgresTrouble } from '../chassis/postgres-trouble';

export const viewUnavailable: Problem = {
  status: 503,
  error: 'VIEW_UNAVAILABLE',
  title: 'Orders cannot be read at the moment',
  detail: 'The read model does not answer. Orders are accepted and decided meanwhile.',
  retryAfterSeconds: 2,
};

/** A route that reads the views: while they cannot be read it answers 503, not 500. */
export const viewRoute =
  <P = Record<string, string>>(
    handle: (request: Request<P>, response: Response) => Promise<void>,
  ): RequestHandler<P> =>
  async (request, response) => {
    try {
      await handle(request, response);
    } catch (error) {
      throw isPostgresTrouble(error) ? new ProblemError(viewUnavailable, error) : error;
    }
  };

/** The buyer a request speaks for; `undefined` without authentication. @throws ProblemError 401, 403 or 503. */
export const buyerOf = async (
  identify: Identify | undefined,
  authorization: string | undefined,
): Promise<string | undefined> => {
  if (identify === undefined) return undefined;
  const sender = await identify(authorization);
  if (sender.kind === 'refused') throw new ProblemError(sender.problem);
  return sender.subject;
};
