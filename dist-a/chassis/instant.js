"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.parseInstantMs = exports.parseTimestampMs = void 0;
const timestamp = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i;
/** `Date.parse` takes 31 November for 1 December: a sale would open a day late. */
const daysOf = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();
/** Milliseconds since 1970 of an RFC 3339 time with its zone, seconds being optional; `undefined` for anything else. */
const parseTimestampMs = (text) => {
    const parts = timestamp.exec(text);
    if (!parts || Number(parts[3]) > daysOf(Number(parts[1]), Number(parts[2])))
        return undefined;
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? undefined : ms;
};
exports.parseTimestampMs = parseTimestampMs;
/** RFC 3339 with a time zone, or milliseconds since 1970; `undefined` for anything else. */
const parseInstantMs = (text) => /^\d{1,15}$/.test(text) ? Number(text) : (0, exports.parseTimestampMs)(text);
exports.parseInstantMs = parseInstantMs;
//# sourceMappingURL=instant.js.map