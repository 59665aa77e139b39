"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.silentLog = exports.createLog = exports.plainText = void 0;
const winston_1 = require("winston");
/** Longest text logged in one field: a line of megabytes would be split or dropped by log collectors. */
const fieldLengthMax = 2_000;
/** Beyond this many bytes nobody is reading stdout; lines are dropped and counted instead of eating memory. */
const backlogBytesMax = 8 * 1024 * 1024;
const secretName = /password|secret|token|authorization|cookie|database_url|redis_url/i;
/** `redis://user:password@host`, as clients put it into the messages of their errors. */
const credentials = /(\w:\/\/)[^\s/@]+@/g;
/** Deeper objects are not facts for a log line. */
const depthMax = 3;
/** Text as it may stand in a log line: not too long, and without the credentials of an address. */
const plainText = (text) => {
    const cut = text.length > fieldLengthMax ? `${text.slice(0, fieldLengthMax)}…` : text;
    return cut.includes('://') ? cut.replace(credentials, '$1[redacted]@') : cut;
};
exports.plainText = plainText;
const plain = (name, value, depth = 1) => {
    if (secretName.test(name))
        return '[redacted]';
    if (typeof value === 'string')
        return (0, exports.plainText)(value);
    if (typeof value === 'bigint')
        return value.toString();
    if (typeof value !== 'object' || value === null)
        return value;
    if (value instanceof Error)
        return errorFields(value);
    if (depth === depthMax)
        return '…';
    if (Array.isArray(value))
        return value.map((one) => plain('', one, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([member, one]) => [member, plain(member, one, depth + 1)]));
};
const errorFields = (error) => ({
    name: error.name,
    message: (0, exports.plainText)(error.message),
    ...(error.stack === undefined ? {} : { stack: (0, exports.plainText)(error.stack) }),
    ...(error.cause instanceof Error ? { cause: errorFields(error.cause) } : {}),
});
const toPlainFields = (fields) => fields === undefined
    ? {}
    : Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(name, value)]));
/**
 * A winston logger behind the small interface above. Lines are dropped, and their number is said later, while more
 * than 8 MiB wait for a reader of standard output: a stopped log collector must not fill the memory of a sale.
 */
const createLog = (service, level) => {
    const logger = (0, winston_1.createLogger)({
        level,
        exitOnError: false,
        format: winston_1.format.combine(winston_1.format.timestamp(), winston_1.format.json()),
        transports: [new winston_1.transports.Stream({ stream: process.stdout })],
    });
    logger.on('error', () => undefined);
    let dropped = 0;
    const write = (lineLevel, message, fields) => {
        if (process.stdout.writableLength > backlogBytesMax) {
            dropped += 1;
            return;
        }
        const missing = dropped > 0 ? { dropped_lines: dropped } : {};
        dropped = 0;
        logger.log({
            ...toPlainFields(fields),
            ...missing,
            service,
            level: lineLevel,
            message: (0, exports.plainText)(message),
        });
    };
    return {
        debug: (message, fields) => {
            if (logger.isLevelEnabled('debug'))
                write('debug', message, fields);
        },
        info: (message, fields) => write('info', message, fields),
        warn: (message, fields) => write('warn', message, fields),
        error: (message, fields) => write('error', message, fields),
        isDebug: logger.isLevelEnabled('debug'),
    };
};
exports.createLog = createLog;
/** For tests and tools that have nothing to say. */
exports.silentLog = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
    isDebug: false,
};
//# sourceMappingURL=log.js.map