import { duration, instant } from './figures';
import { harmless, padEnd, type Paint } from './paint';

/** `GET /orders/:request_id`, as far as it is shown. */
export interface Order {
  readonly request_id: string;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly status: string;
  readonly correlation_id: string | null;
  readonly stale?: boolean;
  readonly lag_ms?: number | null;
}

/** One entry of `GET /orders/:request_id/timeline`, as far as it is shown. */
export interface TimelineEvent {
  readonly type: string;
  readonly at: string;
  readonly appended_at: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly effect: string;
  readonly status: string;
  readonly detail: string | null;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly epoch: number | null;
  readonly payment_id: string | null;
}

const effects: Readonly<Record<string, string>> = {
  duplicate: 'says again what was said; changed nothing',
  conflict: 'contradicts what was said before; changed nothing',
  void: 'of a generation of the stock that was over; it never happened',
};

export const paintStatus = (status: string, paint: Paint): string => {
  if (status === 'COMPLETED') return paint.good(status);
  return status === 'PENDING' ? paint.warn(status) : paint.bad(status);
};

const saysOf = (event: TimelineEvent): string => {
  const who = `${event.user_id ?? 'somebody'}, ${event.amount ?? '?'} of ${event.item_id ?? 'an unreadable item'}`;
  if (event.type === 'OrderRequested') return who;
  const facts = [
    event.status,
    ...(event.epoch === null ? [] : [`epoch ${event.epoch}`]),
    ...(event.payment_id === null ? [] : [`payment ${event.payment_id}`]),
    ...(event.detail === null ? [] : [event.detail]),
  ];
  return facts.join(', ');
};

const mark = (event: TimelineEvent, paint: Paint): string => {
  if (event.effect !== 'applied') return paint.dim('o');
  if (event.status === 'COMPLETED') return paint.good('*');
  return event.type === 'OrderRequested' ? '*' : paint.bad('*');
};

const timeWidth = 24;

const eventLines = (
  event: TimelineEvent,
  before: TimelineEvent | undefined,
  paint: Paint,
): readonly string[] => {
  const indent = ' '.repeat(timeWidth);
  const sinceMs = before ? Date.parse(event.appended_at) - Date.parse(before.appended_at) : 0;
  const place = `${event.topic}:${event.partition}:${event.offset}`;
  const effect = effects[event.effect];
  return [
    ...(before ? [`${indent}|  ${paint.dim(`+${duration(sinceMs)}`)}`] : []),
    `${padEnd(instant(event.appended_at), timeWidth)}${mark(event, paint)}  ${paint.bold(event.type)}  ${paint.dim(place)}`,
    `${indent}|  ${harmless(saysOf(event))}`,
    ...(effect === undefined ? [] : [`${indent}|  ${paint.warn(effect)}`]),
  ];
};

/** An order with its timeline drawn in text, oldest first, by the broker's time. */
export const orderLines = (
  order: Order,
  events: readonly TimelineEvent[],
  paint: Paint,
): readonly string[] => {
  const stale =
    order.stale === true
      ? [paint.warn(`The view is behind the log${order.lag_ms ? ` by ${duration(order.lag_ms)}` : ''}.`)]
      : [];
  const head = [
    `${paint.bold(harmless(order.request_id))}  ${paintStatus(order.status, paint)}`,
    harmless(
      `${order.user_id ?? '-'}, ${order.amount ?? '-'} of ${order.item_id ?? '-'}, correlation ${order.correlation_id ?? '-'}`,
    ),
    ...stale,
  ];
  if (events.length === 0) return [...head, 'Accepted; the view has not read its records yet.'];
  return [...head, '', ...events.flatMap((event, at) => eventLines(event, events[at - 1], paint))];
};
