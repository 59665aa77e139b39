import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Printable, no spaces, no quotes: safe in a header, in a log line and in a page. */
const valid = /^[A-Za-z0-9._:/+=@-]{1,128}$/;

/** The client's `X-Correlation-ID` (or `X-Request-ID`) when it is valid, else a new UUID. */
export const correlationIdOf = (request: IncomingMessage): string => {
  const given = request.headers['x-correlation-id'] ?? request.headers['x-request-id'];
  return typeof given === 'string' && valid.test(given) ? given : randomUUID();
};
