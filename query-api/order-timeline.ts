import type { EventSetAsideRow, OrderRow } from '../migrations/tables';
import type { OrderStatus } from '../schemas/events';
import { topics } from '../schemas/topics';
import { reasonOf } from './order-answer';

/** What an event did to its order. */
export type Effect =
  | 'applied'
  /** Says again what had been said. */
  | 'duplicate'
  /** Contradicts what had been said before it, and changes nothing. */
  | 'conflict'
  /** Decided by a generation of the stock that was over: it never happened. */
  | 'void';

export interface TimelineEntry {
  readonly seq: number;
  readonly type: 'OrderRequested' | 'OrderCompleted' | 'OrderFailed';
  readonly event_id: string;
  /** When the event says it happened. */
  readonly at: string;
  /** When the broker wrote it. */
  readonly appended_at: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly correlation_id: string;
  readonly causation_id: string;
  readonly effect: Effect;
  readonly status: OrderStatus;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly sales_channel: string | null;
  readonly epoch: number | null;
  readonly payment_id: string | null;
}

type Unnumbered = Omit<TimelineEntry, 'seq'> & { readonly appendedAtMs: number };

const instant = (ms: number): string => new Date(ms).toISOString();

const nothingMore = { sales_channel: null, payment_id: null, detail: null, epoch: null } as const;

const requestOf = (row: OrderRow): Unnumbered | undefined => {
  if (row.request_offset === null || row.request_partition === null) return undefined;
  const appendedAtMs = row.request_appended_at ?? 0;
  return {
    ...nothingMore,
    type: 'OrderRequested',
    event_id: row.request_event_id ?? '',
    at: instant(row.requested_at ?? 0),
    appended_at: instant(appendedAtMs),
    appendedAtMs,
    topic: topics.orderRequests.name,
    partition: row.request_partition,
    offset: row.request_offset,
    correlation_id: row.correlation_id,
    causation_id: row.request_causation_id ?? '',
    effect: 'applied',
    status: 'PENDING',
    reason: null,
    user_id: row.user_id,
    item_id: row.item_id,
    amount: row.amount,
    sales_channel: row.sales_channel,
  };
};

const outcomeOf = (row: OrderRow): Unnumbered | undefined => {
  if (row.outcome_offset === null || row.outcome_partition === null) return undefined;
  const appendedAtMs = row.outcome_appended_at ?? 0;
  return {
    ...nothingMore,
    type: row.status === 'COMPLETED' ? 'OrderCompleted' : 'OrderFailed',
    event_id: row.outcome_event_id ?? '',
    at: instant(row.decided_at ?? 0),
    appended_at: instant(appendedAtMs),
    appendedAtMs,
    topic: topics.orderOutcomes.name,
    partition: row.outcome_partition,
    offset: row.outcome_offset,
    correlation_id: row.correlation_id,
    causation_id: row.outcome_causation_id ?? '',
    effect: 'applied',
    status: row.status,
    reason: reasonOf(row.status),
    detail: row.detail,
    user_id: row.user_id,
    item_id: row.item_id,
    amount: row.amount,
    epoch: row.epoch,
    payment_id: row.payment_id,
  };
};

const effectOf = (event: EventSetAsideRow, row: OrderRow | undefined): Effect => {
  if (event.is_void) return 'void';
  const isSame =
    event.event_type === 'OrderRequested'
      ? event.user_id === row?.user_id && event.item_id === row.item_id && event.amount === row.amount
      : event.status === row?.status;
  return isSame ? 'duplicate' : 'conflict';
};

const asideOf = (event: EventSetAsideRow, row: OrderRow | undefined): Unnumbered => ({
  ...nothingMore,
  type: event.event_type,
  event_id: event.event_id,
  at: instant(event.happened_at),
  appended_at: instant(event.appended_at),
  appendedAtMs: event.appended_at,
  topic: event.topic,
  partition: event.partition,
  offset: event.offset,
  correlation_id: event.correlation_id,
  causation_id: event.causation_id,
  effect: effectOf(event, row),
  status: event.status,
  reason: reasonOf(event.status),
  user_id: event.user_id,
  item_id: event.item_id,
  amount: event.amount,
  epoch: event.epoch,
});

/** By the broker's time; what it wrote in one millisecond, requests first, then by place. */
const inOrder = (a: Unnumbered, b: Unnumbered): number =>
  a.appendedAtMs - b.appendedAtMs ||
  Number(a.type !== 'OrderRequested') - Number(b.type !== 'OrderRequested') ||
  a.partition - b.partition ||
  a.offset - b.offset;

/** All that the log says of an order, oldest first, also what changed nothing. */
export const timelineOf = (
  row: OrderRow | undefined,
  setAside: readonly EventSetAsideRow[],
): readonly TimelineEntry[] => {
  const standing = row === undefined ? [] : [requestOf(row), outcomeOf(row)];
  return [...standing.filter((entry) => entry !== undefined), ...setAside.map((event) => asideOf(event, row))]
    .sort(inOrder)
    .map(({ appendedAtMs: _, ...entry }, index) => ({ seq: index + 1, ...entry }));
};

/** How far a reader has come in an order's two topics; as text it is the id of a server-sent event. */
export interface Seen {
  readonly request: number;
  readonly outcome: number;
}

export const nothingSeen: Seen = { request: -1, outcome: -1 };

export const formatSeen = ({ request, outcome }: Seen): string => `${request}/${outcome}`;

export const parseSeen = (text: string | undefined): Seen => {
  const match = /^(-1|\d{1,15})\/(-1|\d{1,15})$/.exec(text ?? '');
  return match ? { request: Number(match[1]), outcome: Number(match[2]) } : nothingSeen;
};

const isRequest = (entry: TimelineEntry): boolean => entry.type === 'OrderRequested';

/** What a reader has not seen. Each topic shows an order's events in the order of their offsets, so two numbers tell. */
export const unseen = (timeline: readonly TimelineEntry[], seen: Seen): readonly TimelineEntry[] =>
  timeline.filter((entry) => entry.offset > (isRequest(entry) ? seen.request : seen.outcome));

export const seenAfter = (seen: Seen, entry: TimelineEntry): Seen =>
  isRequest(entry)
    ? { ...seen, request: Math.max(seen.request, entry.offset) }
    : { ...seen, outcome: Math.max(seen.outcome, entry.offset) };
