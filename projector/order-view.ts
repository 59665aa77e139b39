import type { EpochStarted, OrderCompleted, OrderFailed, OrderRequested } from '../schemas/events';
import type { LoggedEvent, OrderEvent } from './folded';

/**
 * The fold behind the orders view. Total: every event has a meaning here, if only that it changes nothing. Monotonic:
 * an order has at most one request and one outcome, the first of each in its partition, and neither ever changes, so
 * the two topics may arrive in any order and a status never goes back.
 */

export type OrderFact = OrderRequested | OrderCompleted | OrderFailed | EpochStarted;

/** What records say about one order, before the view is asked what it knows already. */
export interface OrderChange {
  readonly request_id: string;
  readonly request?: OrderEvent;
  readonly outcome?: OrderEvent;
}

export interface EventSetAside extends OrderEvent {
  readonly is_void: boolean;
}

export interface OrderFold {
  /** By order. At most one request and one outcome each. */
  readonly changes: Map<string, OrderChange>;
  readonly setAside: EventSetAside[];
}

/** A partition's fold state, kept beside its offset: the last EpochStarted so far, and how many outcomes it voided. */
export interface Fence {
  readonly epoch: number | null;
  readonly voided: number;
}

export const emptyFold = (): OrderFold => ({ changes: new Map(), setAside: [] });

const nothing = {
  user_id: null,
  item_id: null,
  amount: null,
  epoch: null,
  payment_id: null,
  sales_channel: null,
  detail: null,
};

const flat = (
  { record, metadata }: LoggedEvent,
  of: Pick<OrderEvent, 'request_id' | 'event_type' | 'happened_at' | 'status'> & Partial<OrderEvent>,
): OrderEvent => ({
  topic: record.topic,
  partition: record.partition,
  offset: record.offset,
  event_id: metadata.event_id,
  correlation_id: metadata.correlation_id,
  causation_id: metadata.causation_id,
  appended_at: record.appendedAtMs,
  ...nothing,
  ...of,
});

const flatRequest = (logged: LoggedEvent, event: OrderRequested): OrderEvent =>
  flat(logged, {
    request_id: event.request_id,
    event_type: event.type,
    happened_at: event.requested_at,
    status: 'PENDING',
    user_id: event.user_id,
    item_id: event.item_id,
    amount: event.amount,
    sales_channel: event.sales_channel,
  });

const flatOutcome = (logged: LoggedEvent, event: OrderCompleted | OrderFailed): OrderEvent => {
  const common = {
    request_id: event.request_id,
    event_type: event.type,
    user_id: event.user_id,
    item_id: event.item_id,
    amount: event.amount,
    epoch: event.epoch,
  };
  return event.type === 'OrderCompleted'
    ? flat(logged, {
        ...common,
        happened_at: event.completed_at,
        status: 'COMPLETED',
        payment_id: event.payment_id,
      })
    : flat(logged, {
        ...common,
        happened_at: event.failed_at,
        status: `FAILED_${event.reason}`,
        detail: event.detail,
      });
};

/** An outcome decided by an older Redis generation than the last one announced before it never happened. */
const isVoid = (fence: Fence, epoch: number): boolean => fence.epoch !== null && epoch < fence.epoch;

const addOutcome = (
  fold: OrderFold,
  fence: Fence,
  logged: LoggedEvent,
  event: OrderCompleted | OrderFailed,
): Fence => {
  const outcome = flatOutcome(logged, event);
  if (isVoid(fence, event.epoch)) {
    fold.setAside.push({ ...outcome, is_void: true });
    return { ...fence, voided: fence.voided + 1 };
  }
  const change = fold.changes.get(event.request_id);
  if (change?.outcome) fold.setAside.push({ ...outcome, is_void: false });
  else fold.changes.set(event.request_id, { ...change, request_id: event.request_id, outcome });
  return fence;
};

/**
 * Folds one event of a partition into what a batch changes. Events of one partition must come in the order of the
 * log; partitions may be mixed. Returns the partition's fence after the event.
 */
export const foldOrderEvent = (fold: OrderFold, fence: Fence, logged: LoggedEvent<OrderFact>): Fence => {
  const { event } = logged;
  switch (event.type) {
    case 'OrderRequested': {
      const request = flatRequest(logged, event);
      const change = fold.changes.get(event.request_id);
      if (change?.request) fold.setAside.push({ ...request, is_void: false });
      else fold.changes.set(event.request_id, { ...change, request_id: event.request_id, request });
      return fence;
    }
    case 'OrderCompleted':
    case 'OrderFailed':
      return addOutcome(fold, fence, logged, event);
    case 'EpochStarted':
      // A marker that arrives late, from a reconciler that lost the race, must not lift the fence of a newer one.
      return { ...fence, epoch: fence.epoch === null ? event.epoch : Math.max(fence.epoch, event.epoch) };
  }
};

/** What the view holds of an order after a batch was written, and with it which events took effect. */
export interface OrderAfter {
  readonly request_id: string;
  readonly request_partition: number | null;
  readonly request_offset: number | null;
  readonly outcome_partition: number | null;
  readonly outcome_offset: number | null;
}

/** How an order moved: what it was before, and the events that took effect now. */
export interface OrderMove {
  /** The request that counts, when it is known. */
  readonly wasRequested: boolean;
  readonly wasDecided: boolean;
  readonly request?: OrderEvent;
  readonly outcome?: OrderEvent;
  /** What the order asked for before this batch, when `wasRequested`. */
  readonly asked: { readonly item_id: string | null; readonly amount: number | null };
}

type After = OrderAfter & OrderMove['asked'];

const stands = (event: OrderEvent, partition: number | null, offset: number | null): boolean =>
  event.partition === partition && event.offset === offset;

const withoutVoid = (event: OrderEvent | undefined): readonly EventSetAside[] =>
  event === undefined ? [] : [{ ...event, is_void: false }];

/**
 * Compares what a batch wanted with what the view holds now. `after` is absent when the order did not change: then
 * everything in `change` came too late. An event that came too late is set aside, never lost.
 */
export const settleOrder = (
  { request, outcome }: OrderChange,
  after: After | undefined,
): { readonly move?: OrderMove; readonly setAside: readonly EventSetAside[] } => {
  if (after === undefined) return { setAside: [...withoutVoid(request), ...withoutVoid(outcome)] };
  const requested = request !== undefined && stands(request, after.request_partition, after.request_offset);
  const decided = outcome !== undefined && stands(outcome, after.outcome_partition, after.outcome_offset);
  const move: OrderMove = {
    wasRequested: after.request_offset !== null && !requested,
    wasDecided: after.outcome_offset !== null && !decided,
    asked: { item_id: after.item_id, amount: after.amount },
    ...(requested ? { request } : {}),
    ...(decided ? { outcome } : {}),
  };
  return {
    move,
    setAside: [...(requested ? [] : withoutVoid(request)), ...(decided ? [] : withoutVoid(outcome))],
  };
};
