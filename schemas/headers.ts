import type { LogRecord, RecordHeaders } from '../chassis/kafka/log';
import type { EventType } from './events';
import { fullName } from './history';

/**
 * Facts about an event that are not part of it: they travel in the record's headers as CloudEvents' Kafka binding
 * has them in binary mode, so that a foreign tool finds them where it expects them.
 */
export interface EventMetadata {
  /** The same for every copy of one event, so that a reader can tell a duplicate; see event-id.ts. */
  readonly event_id: string;
  /** The same for everything that follows from one command. */
  readonly correlation_id: string;
  /** The event or command that led to this one. */
  readonly causation_id: string;
  /** Who wrote it, for example `command-api`. */
  readonly source: string;
  /** W3C Trace Context, when the command came with one or a trace was begun. */
  readonly traceparent?: string;
}

/** CloudEvents sets no limit; this one keeps a hostile header out of logs, rows and answers. */
const headerCharactersMax = 256;
const controlCharacter = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const traceContext = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Whether a text may be an id or a source in a header: 1 to 256 characters, none of them a control character. */
export const isHeaderText = (text: string): boolean =>
  text.length > 0 && text.length <= headerCharactersMax && !controlCharacter.test(text);

export const isTraceparent = (text: string): boolean => traceContext.test(text);

const checked = (name: string, text: string): string => {
  if (isHeaderText(text)) return text;
  throw new RangeError(`${name} must have 1 to ${headerCharactersMax} characters and no control character.`);
};

/**
 * The headers of a record that carries an event. A traceparent that is none is left out: a broken trace must not
 * cost an order.
 * @throws RangeError when an id or the source is empty, too long or holds control characters: check with
 * `isHeaderText` where text comes from outside.
 */
export const toHeaders = (eventType: EventType, metadata: EventMetadata): RecordHeaders => {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: checked('event_id', metadata.event_id),
    ce_type: fullName(eventType),
    ce_source: checked('source', metadata.source),
    ce_correlationid: checked('correlation_id', metadata.correlation_id),
    ce_causationid: checked('causation_id', metadata.causation_id),
    'content-type': 'application/avro',
  };
  if (metadata.traceparent !== undefined && isTraceparent(metadata.traceparent)) {
    headers.traceparent = metadata.traceparent;
  }
  return headers;
};

/** The widest code point takes 4 bytes; beyond that a value is too long without looking at it. */
const headerBytesMax = headerCharactersMax * 4;

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return isHeaderText(value) ? value : undefined;
  if (!Buffer.isBuffer(value) || value.length > headerBytesMax) return undefined;
  const text = value.toString('utf8');
  return isHeaderText(text) ? text : undefined;
};

/** The trace that a record belongs to, when it says so. */
export const traceparentIn = (headers: RecordHeaders): string | undefined => {
  const text = textOf(headers.traceparent);
  return text !== undefined && isTraceparent(text) ? text : undefined;
};

/**
 * Reads the metadata of any record, also of one that a foreign producer wrote without headers. Total: never throws.
 * Without a usable id, an event is known by its place in the log; without a usable correlation id, by its key.
 */
export const readMetadata = (
  record: Pick<LogRecord, 'topic' | 'partition' | 'offset' | 'key' | 'headers'>,
): EventMetadata => {
  const { headers } = record;
  const eventId = textOf(headers.ce_id) ?? `${record.topic}:${record.partition}:${record.offset}`;
  const correlationId = textOf(headers.ce_correlationid) ?? textOf(record.key) ?? eventId;
  const traceparent = traceparentIn(headers);
  return {
    event_id: eventId,
    correlation_id: correlationId,
    causation_id: textOf(headers.ce_causationid) ?? correlationId,
    source: textOf(headers.ce_source) ?? 'unknown',
    ...(traceparent === undefined ? {} : { traceparent }),
  };
};
