"use strict";
/**
 * What a field may hold, once for the whole project: the command API refuses with these rules, the codec writes and
 * reads with them. A rule may get looser with time, never stricter: the log keeps what was once accepted.
 */
Object.defineProperty(exports, "__esModule", { value: true });
exports.isText = exports.isUnits = exports.isDelta = exports.isCount = exports.countMax = exports.isAmount = exports.isOrderKey = exports.isRequestId = exports.isLine = exports.isName = exports.orderKeyCharactersMax = exports.requestIdCharactersMax = exports.amountMax = void 0;
const name = /^[A-Za-z0-9_-]{1,100}$/;
/**
 * PostgreSQL cannot store NUL, a header or a log line must not hold a line break, and half of a surrogate pair becomes
 * U+FFFD in UTF-8, so that two ids would become one.
 */
const unusableInLine = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const unusableInText = /[\u0000\p{Cs}]/u;
exports.amountMax = 1000;
/** What a client may send. */
exports.requestIdCharactersMax = 200;
/** What events hold: with authentication an order's identity is `<buyer>:<request_id>`, see accepted-order.ts. */
exports.orderKeyCharactersMax = 100 + 1 + exports.requestIdCharactersMax;
/** A user_id or an item_id: 1 to 100 of `A-Z a-z 0-9 _ -`. */
const isName = (value) => typeof value === 'string' && name.test(value);
exports.isName = isName;
/** Characters are code points: a smiley counts once, as it does for the person who typed it. */
const isWithin = (value, charactersMax) => value.length <= charactersMax ||
    (value.length <= 2 * charactersMax && Array.from(value).length <= charactersMax);
/** One line of text that is not blank: a request_id, a command_id, an actor. */
const isLine = (value, charactersMax) => typeof value === 'string' &&
    isWithin(value, charactersMax) &&
    !unusableInLine.test(value) &&
    value.trim() !== '';
exports.isLine = isLine;
/** Not blank, at most 200 characters, no control characters, no half of a surrogate pair. */
const isRequestId = (value) => (0, exports.isLine)(value, exports.requestIdCharactersMax);
exports.isRequestId = isRequestId;
/** The `request_id` of an event: a request_id, with the buyer before it where there is authentication. */
const isOrderKey = (value) => (0, exports.isLine)(value, exports.orderKeyCharactersMax);
exports.isOrderKey = isOrderKey;
/** Units of an order. */
const isAmount = (value) => Number.isInteger(value) && value >= 1 && value <= exports.amountMax;
exports.isAmount = isAmount;
/** avsc takes no long beyond this one, the last that two neighbours tell apart: 2^53 - 2. */
exports.countMax = 9_007_199_254_740_990;
/** An epoch, or a time in milliseconds since 1970. */
const isCount = (value) => Number.isSafeInteger(value) && value >= 0 && value <= exports.countMax;
exports.isCount = isCount;
/** Fits Avro's int with room to spare. */
const unitsMax = 1_000_000_000;
/** Units in a stock adjustment: an integer other than 0. */
const isDelta = (value) => Number.isInteger(value) && value !== 0 && Math.abs(value) <= unitsMax;
exports.isDelta = isDelta;
/** Units of a limit; 0 means that nobody may buy. */
const isUnits = (value) => (0, exports.isCount)(value) && value <= unitsMax;
exports.isUnits = isUnits;
/** Free text: up to 1,000 characters, possibly none; line breaks are fine, NUL is not. */
const isText = (value) => typeof value === 'string' && isWithin(value, 1000) && !unusableInText.test(value);
exports.isText = isText;
//# sourceMappingURL=fields.js.map