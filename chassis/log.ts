import { createLogger, format, transports } from 'winston';

export type Fields = Readonly<Record<string, unknown>>;

/** One JSON line per fact on standard output. `event` names the kind of fact; `correlation_id` follows an order. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  readonly isDebug: boolean;
}

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
export const plainText = (text: string): string => {
  const cut = text.length > fieldLengthMax ? `${text.slice(0, fieldLengthMax)}…` : text;
  return cut.includes('://') ? cut.replace(credentials, '$1[redacted]@') : cut;
};

const plain = (name: string, value: unknown, depth = 1): unknown => {
  if (secretName.test(name)) return '[redacted]';
  if (typeof value === 'string') return plainText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return errorFields(value);
  if (depth === depthMax) return '…';
  if (Array.isArray(value)) return value.map((one) => plain('', one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([member, one]) => [member, plain(member, one, depth + 1)]),
  );
};

const errorFields = (error: Error): Fields => ({
  name: error.name,
  message: plainText(error.message),
  ...(error.stack === undefined ? {} : { stack: plainText(error.stack) }),
  ...(error.cause instanceof Error ? { cause: errorFields(error.cause) } : {}),
});

const toPlainFields = (fields: Fields | undefined): Record<string, unknown> =>
  fields === undefined
    ? {}
    : Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(name, value)]));

/**
 * A winston logger behind the small interface above. Lines are dropped, and their number is said later, while more
 * than 8 MiB wait for a reader of standard output: a stopped log collector must not fill the memory of a sale.
 */
export const createLog = (service: string, level: string): Log => {
  const logger = createLogger({
    level,
    exitOnError: false,
    format: format.combine(format.timestamp(), format.json()),
    transports: [new transports.Stream({ stream: process.stdout })],
  });
  logger.on('error', () => undefined);
  let dropped = 0;
  const write = (lineLevel: string, message: string, fields?: Fields): void => {
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
      message: plainText(message),
    });
  };
  return {
    debug: (message, fields) => {
      if (logger.isLevelEnabled('debug')) write('debug', message, fields);
    },
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    isDebug: logger.isLevelEnabled('debug'),
  };
};

/** For tests and tools that have nothing to say. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  isDebug: false,
};
