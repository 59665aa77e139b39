import type { Request } from 'express';
import { ProblemError } from '../chassis/http/problem';
import { readBody } from '../chassis/http/read-body';
import type { Members } from './buy';
import { parseMembers } from './json-members';
import { bodyBytesMax, headersFault, malformed, tooLarge } from './request-body';

const bytesOf = (request: Request): Promise<Buffer | undefined> =>
  new Promise((resolve) => readBody(request, bodyBytesMax, resolve));

/** The members of a request's body. @throws ProblemError 400, 413 or 415. */
export const readMembers = async (request: Request): Promise<Members> => {
  const fault = headersFault(request);
  if (fault) throw new ProblemError(fault);
  const bytes = await bytesOf(request);
  if (bytes === undefined) throw new ProblemError(tooLarge);
  const parsed = parseMembers(bytes);
  if (parsed.kind === 'malformed') throw new ProblemError(malformed(parsed.detail));
  return parsed.members;
};
