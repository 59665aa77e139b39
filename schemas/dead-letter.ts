import {
  formatPosition,
  parsePosition,
  type LogPosition,
  type LogRecord,
  type NewRecord,
  type RecordHeaders,
} from '../chassis/kafka/log';
import { isLine, isOrderKey } from './fields';
import type { DomainEvent } from './events';
import { topics } from './topics';

/**
 * A record that could not be processed, parked with its original key, bytes and headers. Why and where from stand in
 * headers of their own beside the original ones. The letter's identity is where it came from: a consumer that parks
 * a record again after a crash writes a second copy of the same letter, and readers count it once.
 */
export interface DeadLetter {
  readonly source: { readonly topic: string; readonly partition: number; readonly offset: number };
  /** A stable code, such as `NOT_FRAMED` or `CONFLICT`. */
  readonly reason: string;
  /** For a person. */
  readonly detail: string;
  /** Which service gave up. */
  readonly consumer: string;
  /** How often processing was tried, at least 1. */
  readonly attempts: number;
  readonly failedAtMs: number;
}

const prefix = 'dlq-';
const detailCharactersMax = 500;

/** Headers carry bytes, but tools show lines. */
const oneLine = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ').slice(0, detailCharactersMax);

/** The letter as a record for `order-dlq`; the original headers stay as they were. */
export const toDeadLetterRecord = (
  record: Pick<LogRecord, 'topic' | 'partition' | 'offset' | 'key' | 'value' | 'headers'>,
  why: Omit<DeadLetter, 'source'>,
): NewRecord => ({
  topic: topics.orderDlq.name,
  key: record.key,
  value: record.value,
  headers: {
    ...record.headers,
    [`${prefix}source-topic`]: record.topic,
    [`${prefix}source-partition`]: String(record.partition),
    [`${prefix}source-offset`]: String(record.offset),
    [`${prefix}reason`]: oneLine(why.reason),
    [`${prefix}detail`]: oneLine(why.detail),
    [`${prefix}consumer`]: oneLine(why.consumer),
    [`${prefix}attempts`]: String(why.attempts),
    [`${prefix}failed-at`]: String(why.failedAtMs),
  },
});

const plainText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : undefined;
};

const textOf = (headers: RecordHeaders, name: string): string | undefined =>
  plainText(headers[`${prefix}${name}`]);

const countOf = (headers: RecordHeaders, name: string): number | undefined => {
  const text = textOf(headers, name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
};

const int32Max = 2_147_483_647;

/** The names are no `dlq-` ones: they belong to the redriven record, and stay when it is parked again. */
const redriveOf = 'redrive-of';
const redriveCommand = 'redrive-command';

/** Which letter a record is tried again for, and by which command. */
export interface Redrive {
  readonly letter: LogPosition;
  readonly commandId: string;
}

export const toRedriveHeaders = ({ letter, commandId }: Redrive): RecordHeaders => ({
  [redriveOf]: formatPosition(letter),
  [redriveCommand]: commandId,
});

/** `undefined` for a record that is no redrive. Total. */
export const readRedrive = (headers: RecordHeaders): Redrive | undefined => {
  const letter = parsePosition(plainText(headers[redriveOf]) ?? '');
  const commandId = plainText(headers[redriveCommand]);
  if (letter === undefined || commandId === undefined || !isLine(commandId, 301)) return undefined;
  return letter.partition <= int32Max ? { letter, commandId } : undefined;
};

/**
 * Reads a letter back. Total: a record that somebody put there by hand is a letter about itself, so that it is
 * listed and not lost.
 */
export const readDeadLetter = (
  record: Pick<LogRecord, 'topic' | 'partition' | 'offset' | 'headers' | 'appendedAtMs'>,
): DeadLetter => {
  const { headers } = record;
  const topic = textOf(headers, 'source-topic');
  const partition = countOf(headers, 'source-partition');
  const offset = countOf(headers, 'source-offset');
  const known =
    topic !== undefined && partition !== undefined && partition <= int32Max && offset !== undefined;
  return {
    source: known ? { topic: oneLine(topic), partition, offset } : place(record),
    reason: oneLine(textOf(headers, 'reason') ?? 'UNKNOWN'),
    detail: oneLine(textOf(headers, 'detail') ?? ''),
    consumer: oneLine(textOf(headers, 'consumer') ?? 'unknown'),
    attempts: Math.min(countOf(headers, 'attempts') ?? 1, int32Max),
    failedAtMs: countOf(headers, 'failed-at') ?? record.appendedAtMs,
  };
};

const place = (record: Pick<LogRecord, 'topic' | 'partition' | 'offset'>): DeadLetter['source'] => ({
  topic: record.topic,
  partition: record.partition,
  offset: record.offset,
});

/** The original headers, without the letter's own. */
export const originalHeaders = (headers: RecordHeaders): RecordHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(prefix)));

/** A key that an order's outcome may carry: UTF-8, not blank, no control characters. */
export const usableKey = (key: Buffer | null): string | undefined => {
  const text = key?.toString('utf8');
  return text !== undefined && isOrderKey(text) && Buffer.from(text).equals(key ?? Buffer.alloc(0))
    ? text
    : undefined;
};

/**
 * What a letter is about: an operator's command_id, or an order's request_id. The key comes before the bytes, because
 * the saga refuses under the key what it cannot process.
 */
export const subjectOf = (
  topic: string,
  key: Buffer | null,
  event: DomainEvent | undefined,
): string | undefined => {
  if (topic === topics.stockAdjustments.name) {
    return event && 'command_id' in event ? event.command_id : undefined;
  }
  return usableKey(key) ?? (event && 'request_id' in event ? event.request_id : undefined);
};
