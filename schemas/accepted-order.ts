import type { LogPosition } from '../chassis/kafka/log';

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

/**
 * What the command API remembers in Redis of an order it accepted, for IDEMPOTENCY_TTL: the answer to a repeat, and
 * the query API's PENDING answer until the projector has the row. A convenience, never a truth: Redis may lose it.
 */
export interface AcceptedOrder {
  readonly request_id: string;
  readonly user_id: string;
  readonly item_id: string;
  readonly amount: number;
  readonly correlation_id: string;
  readonly requested_at: number;
  readonly position: LogPosition;
}

/** Redis key of the record: the text that `acceptedAnswerIn` reads. */
export const acceptedOrderKey = (saleId: string, key: string): string => `{${saleId}}:answer:${key}`;

/**
 * The first answer as JSON in a record's text: what was asked for, a line break, the answer. Undefined while the
 * command is only claimed: no answer follows then, but `#` and the claim's own mark.
 */
export const acceptedAnswerIn = (record: string): string | undefined => {
  const at = record.indexOf('\n{');
  return at === -1 ? undefined : record.slice(at + 1);
};
