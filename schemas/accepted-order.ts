import { formatPosition, parsePosition, type LogPosition } from '../chassis/kafka/log';
import type { SalesChannel } from './events';

/**
 * The identity of an order in the log and in every view. Without authentication it is the client's request_id. With
 * it, two buyers may choose the same request_id, so the identity is scoped: `<buyer>:<request_id>`. A buyer's id
 * holds no colon (`A-Za-z0-9_-`), so the two forms of one deployment never meet.
 */
export const orderKey = (requestId: string, buyer: string | undefined): string =>
  buyer === undefined ? requestId : `${buyer}:${requestId}`;

/** The client's own request_id of an order key: what answers show. */
export const requestIdOf = (key: string, buyer: string | undefined): string =>
  buyer !== undefined && key.startsWith(`${buyer}:`) ? key.slice(buyer.length + 1) : key;

/** An order that the command API accepted, as it remembers it. */
export interface AcceptedOrder {
  readonly request_id: string;
  readonly user_id: string;
  readonly item_id: string;
  readonly amount: number;
  readonly correlation_id: string;
  /** Milliseconds since 1970. */
  readonly requested_at: number;
  readonly position: LogPosition;
}

/**
 * Redis key of an order's record: what the command API remembers of it for IDEMPOTENCY_TTL, for the answer to a repeat, and
 * for the query API's PENDING until the projector has the row. A convenience, never a truth: Redis may lose it.
 */
export const acceptedOrderKey = (saleId: string, key: string): string => `{${saleId}}:answer:${key}`;

/** What an order asks for, on one line. Equal if and only if two ask for the same: identifiers hold no colon. */
export const orderPayload = (order: {
  readonly user_id: string;
  readonly item_id: string;
  readonly amount: number;
  readonly sales_channel: SalesChannel | null;
}): string => `${order.user_id}:${order.item_id}:${order.amount}:${order.sales_channel ?? ''}`;

/** How a command was answered when it was accepted. */
export interface RememberedAnswer {
  readonly correlation_id: string;
  readonly position: LogPosition;
  /** Milliseconds since 1970; of orders only. */
  readonly requested_at?: number | undefined;
}

/**
 * The text of a record: what was asked for, a line break, `=` and the answer; while the command is only claimed, `#` and the
 * claim's own mark. The answer holds nothing that key and payload say already: as JSON with all of it an order took
 * 200 bytes more of Redis, and of each rewrite of its file.
 */
export const acceptedRecord = (payload: string, answer: RememberedAnswer): string => {
  const { correlation_id: correlationId, position, requested_at: requestedAt } = answer;
  const place = `${payload}\n=${correlationId} ${formatPosition(position)}`;
  return requestedAt === undefined ? place : `${place} ${requestedAt}`;
};

const answerLine = /^=(\S+) (\S+)(?: (\d{1,15}))?$/;

/** Releases before this one wrote JSON; it is found for IDEMPOTENCY_TTL after an upgrade. */
const readJson = (text: string): RememberedAnswer | undefined => {
  try {
    const found = JSON.parse(text) as Partial<RememberedAnswer>;
    return found.correlation_id === undefined || found.position === undefined
      ? undefined
      : (found as RememberedAnswer);
  } catch {
    return undefined;
  }
};

/** The answer in a record, without its payload and the line break; undefined when it is none. */
export const readAnswer = (text: string): RememberedAnswer | undefined => {
  if (text.startsWith('{')) return readJson(text);
  const [, correlationId, place = '', requestedAt] = answerLine.exec(text) ?? [];
  const position = parsePosition(place);
  if (correlationId === undefined || position === undefined) return undefined;
  return {
    correlation_id: correlationId,
    position,
    ...(requestedAt === undefined ? {} : { requested_at: Number(requestedAt) }),
  };
};

/** The order in a record under its key; undefined while it is only claimed. */
export const readAcceptedOrder = (key: string, record: string): AcceptedOrder | undefined => {
  const [payload = '', text = ''] = record.split('\n', 2);
  const found = readAnswer(text);
  if (found?.requested_at === undefined) return undefined;
  const [user_id = '', item_id = '', amount] = payload.split(':');
  const { correlation_id, position, requested_at } = found;
  return {
    request_id: key,
    user_id,
    item_id,
    amount: Number(amount),
    correlation_id,
    position,
    requested_at,
  };
};
