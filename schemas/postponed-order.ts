import type { LogRecord, NewRecord } from '../chassis/kafka/log';
import { topics } from './topics';

/**
 * An order whose payment is still unknown past its budget, parked in `payment-retries` with its own bytes. The time at
 * which the broker took the original request travels along, because rule R11 counts an order's age from there.
 */
const requestedAtHeader = 'saga-requested-at';
const attemptsHeader = 'saga-attempts';

const countOf = (record: LogRecord, name: string): number | undefined => {
  const value = record.headers[name]?.toString();
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
};

/** When the broker appended the original request, milliseconds since 1970. */
export const requestedAtMs = (record: LogRecord): number =>
  (record.topic === topics.paymentRetries.name ? countOf(record, requestedAtHeader) : undefined) ??
  record.appendedAtMs;

/** Whether this process' like has put the record there; anything else in the topic is foreign. */
export const wasPostponed = (record: LogRecord): boolean =>
  record.topic === topics.paymentRetries.name && countOf(record, attemptsHeader) !== undefined;

/** How often the order has been tried before, 0 for a first time. */
export const attemptsBefore = (record: LogRecord): number =>
  record.topic === topics.paymentRetries.name ? (countOf(record, attemptsHeader) ?? 1) : 0;

/**
 * How long after its request the order was written there, milliseconds between two times of the brokers; 0 for one that
 * has not been tried before.
 */
export const postponedForMs = (record: LogRecord): number => record.appendedAtMs - requestedAtMs(record);

export const toPostponedRecord = (record: LogRecord): NewRecord => ({
  topic: topics.paymentRetries.name,
  key: record.key,
  value: record.value,
  headers: Object.assign({}, record.headers, {
    [requestedAtHeader]: String(requestedAtMs(record)),
    [attemptsHeader]: String(attemptsBefore(record) + 1),
  }),
});
