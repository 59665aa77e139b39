/**
 * What a field may hold, once for the whole project: the command API refuses with these rules, the codec writes and
 * reads with them. A rule may get looser with time, never stricter: the log keeps what was once accepted.
 */

const name = /^[A-Za-z0-9_-]{1,100}$/;
/**
 * PostgreSQL cannot store NUL, a header or a log line must not hold a line break, and half of a surrogate pair becomes
 * U+FFFD in UTF-8, so that two ids would become one.
 */
const unusableInLine = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const halfCharacter = /\p{Cs}/u;
const unusableInText = /[\u0000\p{Cs}]/u;

export const amountMax = 1000;
/** What a client may send. */
export const requestIdCharactersMax = 200;
/** What events hold: with authentication an order's identity is `<buyer>:<request_id>`, see accepted-order.ts. */
export const orderKeyCharactersMax = 100 + 1 + requestIdCharactersMax;

/** A user_id or an item_id: 1 to 100 of `A-Z a-z 0-9 _ -`. */
export const isName = (value: unknown): value is string => typeof value === 'string' && name.test(value);

/** Characters are code points: a smiley counts once, as it does for the person who typed it. */
const isWithin = (value: string, charactersMax: number): boolean =>
  value.length <= charactersMax ||
  (value.length <= 2 * charactersMax && Array.from(value).length <= charactersMax);

/** What is wrong with one line of text that must not be blank, such as a command_id or an actor; undefined: nothing. */
export const lineFault = (value: unknown, charactersMax = requestIdCharactersMax): string | undefined => {
  if (typeof value !== 'string' || value.trim() === '') return 'must be text that is not blank';
  if (!isWithin(value, charactersMax)) return `must not be longer than ${charactersMax} characters`;
  if (!unusableInLine.test(value)) return undefined;
  return halfCharacter.test(value) ? 'must be well-formed Unicode' : 'must not hold control characters';
};

/** One line of text that is not blank: a request_id, a command_id, an actor. */
export const isLine = (value: unknown, charactersMax: number): value is string =>
  lineFault(value, charactersMax) === undefined;

/**
 * What is wrong with an id that becomes the last part of a path, such as /orders/<request_id>. Every client resolves
 * `/orders/..` to `/` before it asks, with encoded dots too. Only where ids come in: the log may hold both from before.
 */
export const pathIdFault = (value: unknown): string | undefined =>
  value === '.' || value === '..' ? 'must not be . or .., which no path can end with' : lineFault(value);

/** The `payment_id` of an event, a line as the provider gave it: 1 to 200 characters. */
export const isPaymentId = (value: unknown): value is string => isLine(value, 200);

/** Not blank, at most 200 characters, no control characters, no half of a surrogate pair. */
export const isRequestId = (value: unknown): value is string => isLine(value, requestIdCharactersMax);

/** The `request_id` of an event: a request_id, with the buyer before it where there is authentication. */
export const isOrderKey = (value: unknown): value is string => isLine(value, orderKeyCharactersMax);

/** Units of an order. */
export const isAmount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= amountMax;

/** avsc takes no long beyond this one, the last that two neighbours tell apart: 2^53 - 2. */
export const countMax = 9_007_199_254_740_990;

/** An epoch, or a time in milliseconds since 1970. */
export const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= countMax;

/** Fits Avro's int with room to spare. */
const unitsMax = 1_000_000_000;

/** Units in a stock adjustment: an integer other than 0. */
export const isDelta = (value: unknown): value is number =>
  Number.isInteger(value) && value !== 0 && Math.abs(value as number) <= unitsMax;

/** Units of a limit; 0 means that nobody may buy. */
export const isUnits = (value: unknown): value is number => isCount(value) && value <= unitsMax;

/** Free text: up to 1,000 characters, possibly none; line breaks are fine, NUL is not. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && isWithin(value, 1000) && !unusableInText.test(value);
