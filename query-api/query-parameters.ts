import { parseDurationMs } from '../chassis/config';
import { parseInstantMs } from '../chassis/instant';
import { ProblemError, type FieldFault } from '../chassis/http/problem';
import { parsePosition, type LogPosition } from '../chassis/kafka/log';
import { isRequestId, requestIdCharactersMax } from '../schemas/fields';
import { topics } from '../schemas/topics';

/** Longer waits are cut to this: proxies give up after 60 s, and a client can ask again. */
export const waitMsMax = 30_000;
/** What `position` waits without `wait`. */
const positionWaitMs = 2_000;
const pageMax = 100;
const pageDefault = 20;

export type Query = Readonly<Record<string, unknown>>;

/** 400 that names every fault. */
export const invalidParameters = (errors: readonly FieldFault[]): ProblemError =>
  new ProblemError({ status: 400, error: 'INVALID_PARAMETER', title: 'A parameter is not usable', errors });

/** Collects the faults of a query, so that all are told at once. */
class QueryReading {
  readonly #query: Query;
  readonly #faults: FieldFault[] = [];

  constructor(query: Query) {
    this.#query = query;
  }

  read<T>(field: string, parse: (text: string) => T | undefined, message: string): T | undefined {
    const given = this.#query[field];
    if (given === undefined) return undefined;
    const value = typeof given === 'string' ? parse(given) : undefined;
    if (value === undefined) this.#faults.push({ field, message });
    return value;
  }

  end(): void {
    if (this.#faults.length > 0) throw invalidParameters(this.#faults);
  }
}

/** A unit is required: whether a bare 10 means seconds or milliseconds, people disagree. */
const parseWait = (text: string): number | undefined =>
  /[a-z]$/.test(text) ? parseDurationMs(text) : undefined;

const ordersTopics: ReadonlySet<string> = new Set([topics.orderRequests.name, topics.orderOutcomes.name]);

/** What is waited for is kept by partition: of others than the log has, a client could have any number kept. */
const parseOrderPosition =
  (orderPartitions: number) =>
  (text: string): LogPosition | undefined => {
    const position = parsePosition(text);
    const isThere =
      position !== undefined && ordersTopics.has(position.topic) && position.partition < orderPartitions;
    return isThere ? position : undefined;
  };

export interface OrderQuery {
  readonly waitMs: number;
  readonly untilTerminal: boolean;
  readonly position?: LogPosition;
  readonly asOfMs?: number;
}

/**
 * @param orderPartitions of each order topic: a position in another partition is a fault
 * @throws ProblemError 400 that names every fault.
 */
export const readOrderQuery = (query: Query, orderPartitions: number): OrderQuery => {
  const reading = new QueryReading(query);
  const wait = reading.read('wait', parseWait, 'must be a duration such as 500ms or 10s');
  const position = reading.read(
    'position',
    parseOrderPosition(orderPartitions),
    'must be a position of an order topic, as the 202 gave it: order-requests:3:42',
  );
  const asOfMs = reading.read(
    'as_of',
    parseInstantMs,
    'must be a time such as 2026-11-27T12:00:00Z, or milliseconds since 1970',
  );
  reading.end();
  return {
    waitMs: Math.min(wait ?? (position === undefined ? 0 : positionWaitMs), waitMsMax),
    untilTerminal: wait !== undefined,
    ...(position === undefined ? {} : { position }),
    ...(asOfMs === undefined ? {} : { asOfMs }),
  };
};

/** A request_id from a path. @throws ProblemError 400. */
export const readRequestId = (text: string): string => {
  if (isRequestId(text)) return text;
  throw invalidParameters([
    {
      field: 'request_id',
      message: `must be 1 to ${requestIdCharactersMax} characters, not blank, without control characters`,
    },
  ]);
};

export interface Page<Cursor> {
  readonly limit: number;
  readonly after?: Cursor;
}

const parseLimit = (text: string): number | undefined => {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= pageMax ? limit : undefined;
};

/** Opaque to clients: the last row's sort key as JSON in base64url. */
export const encodeCursor = (key: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** A time in milliseconds and the key of an order, which PostgreSQL takes: it refuses a NUL in a text. */
export const isTimeCursor = (value: unknown): value is readonly [number, string] =>
  Array.isArray(value) &&
  value.length === 2 &&
  Number.isSafeInteger(value[0]) &&
  typeof value[1] === 'string' &&
  !value[1].includes('\u0000');

const decodeCursor =
  <Cursor>(isCursor: (value: unknown) => value is Cursor) =>
  (text: string): Cursor | undefined => {
    try {
      const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
      return isCursor(value) ? value : undefined;
    } catch {
      return undefined;
    }
  };

/** @throws ProblemError 400 that names every fault. */
export const readPage = <Cursor>(
  query: Query,
  isCursor: (value: unknown) => value is Cursor,
): Page<Cursor> => {
  const reading = new QueryReading(query);
  const limit = reading.read('limit', parseLimit, `must be an integer from 1 to ${pageMax}`);
  const after = reading.read('cursor', decodeCursor(isCursor), 'must be a next_cursor of this list');
  reading.end();
  return { limit: limit ?? pageDefault, ...(after === undefined ? {} : { after }) };
};

export interface StuckOrdersQuery extends Page<readonly [appendedAt: number, key: string]> {
  readonly olderThanMs: number;
}

/** @throws ProblemError 400 that names every fault. */
export const readStuckQuery = (query: Query): StuckOrdersQuery => {
  const reading = new QueryReading(query);
  const isPending = (text: string): true | undefined => (text === 'PENDING' ? true : undefined);
  reading.read('state', isPending, 'must be PENDING: other orders are not stuck');
  const olderThan = reading.read('older_than', parseWait, 'must be a duration such as 500ms or 30s');
  const limit = reading.read('limit', parseLimit, `must be an integer from 1 to ${pageMax}`);
  const after = reading.read('cursor', decodeCursor(isTimeCursor), 'must be a next_cursor of this list');
  reading.end();
  return {
    olderThanMs: olderThan ?? 0,
    limit: limit ?? pageDefault,
    ...(after === undefined ? {} : { after }),
  };
};

export interface TotalsQuery {
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly stepSeconds: number;
}

/** Nine digits of hours are still counted exactly in milliseconds; twelve, which a duration may have, are not. */
const parseStepSeconds = (text: string): number | undefined => {
  const ms = /^\d{1,9}[a-z]+$/.test(text) ? parseDurationMs(text) : undefined;
  return ms !== undefined && ms >= 1_000 && ms % 1_000 === 0 ? ms / 1_000 : undefined;
};

export const readTotalsQuery = (query: Query): TotalsQuery => {
  const reading = new QueryReading(query);
  const fromMs = reading.read('from', parseInstantMs, 'must be a time such as 2026-11-27T12:00:00Z');
  const toMs = reading.read('to', parseInstantMs, 'must be a time such as 2026-11-27T12:00:00Z');
  const step = reading.read('step', parseStepSeconds, 'must be whole seconds, such as 1s or 5m');
  reading.end();
  return {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    stepSeconds: step ?? 10,
  };
};
