import type { IncomingMessage } from 'node:http';
import type { Problem } from '../chassis/http/problem';

/** A command has four short members; 16 KiB is 50 times the largest. */
export const bodyBytesMax = 16 * 1024;

export const tooLarge: Problem = {
  status: 413,
  error: 'TOO_LARGE',
  title: 'The body is too large',
  detail: `A command has at most ${bodyBytesMax} bytes.`,
};

export const notJson: Problem = {
  status: 415,
  error: 'NOT_JSON',
  title: 'The body must be application/json',
  detail: 'Send Content-Type: application/json, in UTF-8.',
  headers: { Accept: 'application/json' },
};

export const compressed: Problem = {
  status: 415,
  error: 'COMPRESSED',
  title: 'The body must not be compressed',
  detail: 'Send it without Content-Encoding.',
  headers: { 'Accept-Encoding': 'identity' },
};

export const malformed = (detail: string): Problem => ({
  status: 400,
  error: 'MALFORMED',
  title: 'The body cannot be read',
  detail,
});

const jsonType = /^\s*application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

/** What the headers already say against a body; compressed ones are refused unread, so no bomb is ever unpacked. */
export const headersFault = (request: IncomingMessage): Problem | undefined => {
  const type = request.headers['content-type'];
  if (type !== 'application/json' && (type === undefined || !jsonType.test(type))) return notJson;
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') return compressed;
  return Number(request.headers['content-length'] ?? 0) > bodyBytesMax ? tooLarge : undefined;
};
