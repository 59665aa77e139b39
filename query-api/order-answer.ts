import type { OrderStatus } from '../schemas/events';
import { requestIdOf, type AcceptedOrder } from '../schemas/accepted-order';
import { isTerminal, type OrderSummary } from './order-status';

/** What a buyer reads of an order. Members stand in this order in every answer, so that equal facts are equal bytes. */
export interface OrderBody {
  readonly request_id: string;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly status: OrderStatus;
  readonly reason: string | null;
  readonly correlation_id: string | null;
  readonly requested_at: string | null;
  readonly updated_at: string | null;
  /** The answer may be older than what was true when the question arrived. */
  readonly stale?: true;
  /** How far the view is behind the log, as far as that is known. */
  readonly lag_ms?: number | null;
}

export interface OrderAnswer {
  readonly body: OrderBody;
  /** `body` as JSON: made once, however many readers share the answer. */
  readonly text: string;
  /** Absent when the body says something about the moment and not only about the order. */
  readonly etag?: string;
  /** It is terminal, and nothing that is still to be folded can add to it. */
  readonly isLasting: boolean;
}

export interface Staleness {
  /** `undefined` when the view keeps up, `null` when nobody knows. */
  readonly lagMs: number | null | undefined;
}

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export const reasonOf = (status: OrderStatus): string | null =>
  status.startsWith('FAILED_') ? status.slice('FAILED_'.length) : null;

/** Made of places in the log alone: the same after a rebuild, and on every replica. */
const etagOf = (row: Pick<OrderSummary, `${'request' | 'outcome'}_${'partition' | 'offset'}`>): string => {
  const place = (partition: number | null, offset: number | null): string =>
    partition === null || offset === null ? '' : `${partition}.${offset}`;
  return `"${place(row.request_partition, row.request_offset)}-${place(row.outcome_partition, row.outcome_offset)}"`;
};

const withStaleness = (body: OrderBody, { lagMs }: Staleness): OrderBody =>
  lagMs === undefined ? body : { ...body, stale: true, lag_ms: lagMs };

const withEtag = (etag: string, { lagMs }: Staleness): { readonly etag?: string } =>
  lagMs === undefined ? { etag } : {};

export const bodyOfRow = (row: OrderSummary, buyer: string | undefined): OrderBody => ({
  request_id: requestIdOf(row.request_id, buyer),
  user_id: row.user_id,
  item_id: row.item_id,
  amount: row.amount,
  status: row.status,
  reason: reasonOf(row.status),
  correlation_id: row.correlation_id,
  requested_at: instant(row.requested_at),
  updated_at: instant(row.decided_at ?? row.requested_at),
});

const pendingAnswer = (pending: OrderBody, etag: string, staleness: Staleness): OrderAnswer => {
  const body = withStaleness(pending, staleness);
  return { body, text: JSON.stringify(body), ...withEtag(etag, staleness), isLasting: false };
};

interface Kept {
  readonly buyer: string | undefined;
  readonly answer: OrderAnswer;
}

/** Thousands who waited for one order are given the same row; it is put into words once. */
const terminalAnswers = new WeakMap<OrderSummary, Kept>();

const terminalAnswer = (row: OrderSummary, buyer: string | undefined): OrderAnswer => {
  const kept = terminalAnswers.get(row);
  if (kept?.buyer === buyer && kept) return kept.answer;
  const body = bodyOfRow(row, buyer);
  const isLasting = row.request_offset !== null;
  const answer = { body, text: JSON.stringify(body), etag: etagOf(row), isLasting };
  terminalAnswers.set(row, { buyer, answer });
  return answer;
};

/** A terminal state never changes, so it is never stale. */
export const answerOfRow = (
  row: OrderSummary,
  buyer: string | undefined,
  staleness: Staleness,
): OrderAnswer =>
  isTerminal(row) ? terminalAnswer(row, buyer) : pendingAnswer(bodyOfRow(row, buyer), etagOf(row), staleness);

/** The same bytes and tag as the row will give as long as it is PENDING. */
export const answerOfAccepted = (
  accepted: AcceptedOrder,
  buyer: string | undefined,
  staleness: Staleness,
): OrderAnswer => {
  const body: OrderBody = {
    request_id: requestIdOf(accepted.request_id, buyer),
    user_id: accepted.user_id,
    item_id: accepted.item_id,
    amount: accepted.amount,
    status: 'PENDING',
    reason: null,
    correlation_id: accepted.correlation_id,
    requested_at: instant(accepted.requested_at),
    updated_at: instant(accepted.requested_at),
  };
  const etag = etagOf({
    request_partition: accepted.position.partition,
    request_offset: accepted.position.offset,
    outcome_partition: null,
    outcome_offset: null,
  });
  return pendingAnswer(body, etag, staleness);
};

/** An order that may have been accepted: nothing is known of it but its id. */
export const answerCannotTell = (
  key: string,
  buyer: string | undefined,
  lagMs: number | null,
): OrderAnswer => {
  const body: OrderBody = {
    request_id: requestIdOf(key, buyer),
    user_id: buyer ?? null,
    item_id: null,
    amount: null,
    status: 'PENDING',
    reason: null,
    correlation_id: null,
    requested_at: null,
    updated_at: null,
    stale: true,
    lag_ms: lagMs,
  };
  return { body, text: JSON.stringify(body), isLasting: false };
};
