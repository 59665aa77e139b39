import type { IncomingMessage } from 'node:http';
import type { Problem } from '../chassis/http/problem';

/** 500 ids of dead letters take 14 KiB, an order 3 at most: with every character of its request_id escaped. */
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

/** No honest spelling is longer. Node takes 16 KiB, and this is read before anybody has said who they are. */
const typeCharactersMax = 100;
const utf8 = /^charset\s*=\s*"?utf-8"?$/i;

/** Split and trimmed, not matched as a whole: one expression for it tried 16,000 spaces in 130 million ways. */
const isJson = (type: string): boolean => {
  if (type.length > typeCharactersMax) return false;
  const [media = '', ...parameters] = type.split(';').map((part) => part.trim());
  const given = parameters.filter((parameter) => parameter !== '');
  return media.toLowerCase() === 'application/json' && given.every((parameter) => utf8.test(parameter));
};

/** What the headers already say against a body; compressed ones are refused unread, so no bomb is ever unpacked. */
export const headersFault = (request: IncomingMessage): Problem | undefined => {
  const type = request.headers['content-type'];
  if (type !== 'application/json' && (type === undefined || !isJson(type))) return notJson;
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') return compressed;
  return Number(request.headers['content-length'] ?? 0) > bodyBytesMax ? tooLarge : undefined;
};
