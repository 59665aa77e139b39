import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FieldFault } from '../chassis/http/problem';
import { isTraceparent } from '../schemas/headers';

export type IdempotencyKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'fault'; readonly fault: FieldFault };

/** The draft's quoted form, a Structured Fields string, and the bare form that most clients send. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const bare = /^[\x21\x23-\x7e][\x20\x21\x23-\x7e]*$/;
const keyLengthMax = 200;

const fault: IdempotencyKey = {
  kind: 'fault',
  fault: {
    field: 'Idempotency-Key',
    message: `must be 1 to ${keyLengthMax} printable ASCII characters, quoted or bare`,
  },
};

export const idempotencyKeyOf = (headers: IncomingHttpHeaders): IdempotencyKey => {
  const given = headers['idempotency-key'];
  if (given === undefined) return { kind: 'none' };
  if (typeof given !== 'string') return fault;
  const text = given.trim();
  const inside = quoted.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1') ?? (bare.test(text) ? text : undefined);
  if (inside === undefined || inside.trim() === '' || inside.length > keyLengthMax) return fault;
  return { kind: 'key', key: inside };
};

/** Random hex digits, drawn 16 KiB at a time: one draw a request costs three times as much as all of the rest here. */
const drawnBytes = 8 * 1024;
let drawn = '';
let drawnAt = 0;

const randomHex = (digits: number): string => {
  if (drawnAt + digits > drawn.length) {
    drawn = randomBytes(drawnBytes).toString('hex');
    drawnAt = 0;
  }
  drawnAt += digits;
  return drawn.slice(drawnAt - digits, drawnAt);
};

/** The client's trace context, when it has a usable one. */
export const givenTraceparent = (headers: IncomingHttpHeaders): string | undefined => {
  const given = headers['traceparent'];
  return typeof given === 'string' && isTraceparent(given) ? given : undefined;
};

/** A new trace, not sampled: a sampled flag would make every service behind us record it. */
export const newTraceparent = (): string => {
  // An id of zeros means "none", and is drawn once in 2^64: such a trace is left out by whoever reads it.
  return `00-${randomHex(32)}-${randomHex(16)}-00`;
};

/** The client's trace context, or a new trace. */
export const traceparentOf = (headers: IncomingHttpHeaders): string =>
  givenTraceparent(headers) ?? newTraceparent();
