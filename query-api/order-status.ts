import type { AcceptedOrder } from '../schemas/accepted-order';
import type { OrderRow } from '../migrations/tables';

/**
 * How an honest status is found. The view is asked first, because almost every order is there; an order that is not
 * there may still have been accepted, so 404 is said only when the view has folded everything that was in the log
 * after the question arrived.
 */

/** What of a row an answer needs. */
export type OrderSummary = Pick<
  OrderRow,
  | 'request_id'
  | 'user_id'
  | 'item_id'
  | 'amount'
  | 'status'
  | 'correlation_id'
  | 'requested_at'
  | 'request_partition'
  | 'request_offset'
  | 'request_appended_at'
  | 'decided_at'
  | 'outcome_partition'
  | 'outcome_offset'
  | 'outcome_appended_at'
>;

/** Whether the view has come as far as the log went when we asked. */
export type Reach = 'reached' | 'not-reached' | 'unknown';

export interface Findings {
  readonly row?: OrderSummary | 'none';
  readonly accepted?: AcceptedOrder | 'none' | 'unavailable';
  /** With `reached`, `row` must have been read afterwards. */
  readonly reach?: Reach;
}

export type StatusAnswer =
  | { readonly kind: 'known'; readonly row: OrderSummary }
  /** Accepted, and not in the view yet. */
  | { readonly kind: 'accepted'; readonly accepted: AcceptedOrder }
  /** Certainly never accepted. */
  | { readonly kind: 'unknown-order' }
  /** Perhaps accepted: the view is behind, or nobody can say how far it is. */
  | { readonly kind: 'cannot-tell' };

export type Step =
  | { readonly kind: 'read-view' }
  | { readonly kind: 'read-accepted' }
  | { readonly kind: 'await-view' }
  | { readonly kind: 'answer'; readonly answer: StatusAnswer };

/** What to find out next, or the answer. */
export const nextStep = ({ row, accepted, reach }: Findings): Step => {
  if (row === undefined) return { kind: 'read-view' };
  if (row !== 'none') return { kind: 'answer', answer: { kind: 'known', row } };
  if (accepted === undefined) return { kind: 'read-accepted' };
  if (accepted !== 'none' && accepted !== 'unavailable') {
    return { kind: 'answer', answer: { kind: 'accepted', accepted } };
  }
  switch (reach) {
    case undefined:
      return { kind: 'await-view' };
    case 'reached':
      return { kind: 'answer', answer: { kind: 'unknown-order' } };
    case 'not-reached':
    case 'unknown':
      return { kind: 'answer', answer: { kind: 'cannot-tell' } };
  }
};

export const isTerminal = (row: Pick<OrderSummary, 'status'>): boolean => row.status !== 'PENDING';

const undecided = {
  status: 'PENDING',
  decided_at: null,
  outcome_partition: null,
  outcome_offset: null,
  outcome_appended_at: null,
} as const;

/**
 * The order as it was at a time, by the broker's clock, which every event of the log carries: no service's clock has
 * a say in it. `undefined` when it was not there yet.
 */
export const orderAt = (row: OrderSummary, atMs: number): OrderSummary | undefined => {
  const wasDecided = row.outcome_appended_at !== null && row.outcome_appended_at <= atMs;
  if (wasDecided) return row;
  const wasRequested = row.request_appended_at !== null && row.request_appended_at <= atMs;
  return wasRequested ? { ...row, ...undecided } : undefined;
};
