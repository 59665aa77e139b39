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
  readonly request: OrderEvent | undefined;
  readonly outcome: OrderEvent | undefined;
}

export interface EventSetAside extends OrderEvent {
  readonly is_void: boolean;
}

/** A change that a fold still adds to. */
type GrowingChange = { -readonly [K in keyof OrderChange]: OrderChange[K] };

export interface OrderFold {
  /** By order. At most one request and one outcome each. */
  readonly changes: Map<string, GrowingChange>;
  readonly setAside: EventSetAside[];
}

/** A partition's fold state, kept beside its offset: the last EpochStarted so far, and how many outcomes it voided. */
export interface Fence {
  readonly epoch: number | null;
  readonly voided: number;
}

export const emptyFold = (): OrderFold => ({ changes: new Map(), setAside: [] });

// Members are named one by one, because two spreads for each event were a tenth of a rebuild's time.
const flatRequest = ({ record, metadata }: LoggedEvent, event: OrderRequested): OrderEvent => ({
  topic: record.topic,
  partition: record.partition,
  offset: record.offset,
  request_id: event.request_id,
  event_type: event.type,
  event_id: metadata.event_id,
  correlation_id: metadata.correlation_id,
  causation_id: metadata.causation_id,
  happened_at: event.requested_at,
  appended_at: record.appendedAtMs,
  status: 'PENDING',
  user_id: event.user_id,
  item_id: event.item_id,
  amount: event.amount,
  epoch: null,
  payment_id: null,
  sales_channel: event.sales_channel,
  detail: null,
});

const flatOutcome = ({ record, metadata }: LoggedEvent, event: OrderCompleted | OrderFailed): OrderEvent => {
  const isCompleted = event.type === 'OrderCompleted';
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    request_id: event.request_id,
    event_type: event.type,
    event_id: metadata.event_id,
    correlation_id: metadata.correlation_id,
    causation_id: metadata.causation_id,
    happened_at: isCompleted ? event.completed_at : event.failed_at,
    appended_at: record.appendedAtMs,
    status: isCompleted ? 'COMPLETED' : `FAILED_${event.reason}`,
    user_id: event.user_id,
    item_id: event.item_id,
    amount: event.amount,
    epoch: event.epoch,
    payment_id: isCompleted ? event.payment_id : null,
    sales_channel: null,
    detail: isCompleted ? null : event.detail,
  };
};

/** An outcome decided by an older Redis generation than the last one announced before it never happened. */
const isVoid = (fence: Fence, epoch: number): boolean => fence.epoch !== null && epoch < fence.epoch;

const addRequest = (fold: OrderFold, request: OrderEvent): void => {
  const { request_id } = request;
  const change = fold.changes.get(request_id);
  if (change === undefined) fold.changes.set(request_id, { request_id, request, outcome: undefined });
  else if (change.request === undefined) change.request = request;
  else fold.setAside.push({ ...request, is_void: false });
};

const addOutcome = (fold: OrderFold, fence: Fence, outcome: OrderEvent, epoch: number): Fence => {
  if (isVoid(fence, epoch)) {
    fold.setAside.push({ ...outcome, is_void: true });
    return { ...fence, voided: fence.voided + 1 };
  }
  const { request_id } = outcome;
  const change = fold.changes.get(request_id);
  if (change === undefined) fold.changes.set(request_id, { request_id, request: undefined, outcome });
  else if (change.outcome === undefined) change.outcome = outcome;
  else fold.setAside.push({ ...outcome, is_void: false });
  return fence;
};

/**
 * Folds one event of a partition into what a batch changes. Events of one partition must come in the order of the
 * log; partitions may be mixed. Returns the partition's fence after the event.
 */
export const foldOrderEvent = (fold: OrderFold, fence: Fence, logged: LoggedEvent<OrderFact>): Fence => {
  const { event } = logged;
  switch (event.type) {
    case 'OrderRequested':
      addRequest(fold, flatRequest(logged, event));
      return fence;
    case 'OrderCompleted':
    case 'OrderFailed':
      return addOutcome(fold, fence, flatOutcome(logged, event), event.epoch);
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
  readonly request: OrderEvent | undefined;
  readonly outcome: OrderEvent | undefined;
  /** What the order asked for before this batch, when `wasRequested`. */
  readonly asked: { readonly item_id: string | null; readonly amount: number | null };
}

type After = OrderAfter & OrderMove['asked'];

/** The event, when it is the one that the view holds; otherwise it is set aside. */
const effective = (
  event: OrderEvent | undefined,
  place: { readonly partition: number | null; readonly offset: number | null },
  setAside: EventSetAside[],
): OrderEvent | undefined => {
  if (event === undefined) return undefined;
  if (event.partition === place.partition && event.offset === place.offset) return event;
  setAside.push({ ...event, is_void: false });
  return undefined;
};

const nowhere = { partition: null, offset: null };

const nothingAsked = { item_id: null, amount: null };

/** The move of an order of which the view knew nothing. */
export const moveOfNew = ({ request, outcome }: OrderChange): OrderMove => ({
  wasRequested: false,
  wasDecided: false,
  request,
  outcome,
  asked: nothingAsked,
});

/**
 * Compares what a batch wanted with what the view holds now. `after` is absent when the order did not change: then
 * everything in `change` came too late. An event that came too late is set aside, never lost.
 */
export const settleOrder = (
  change: OrderChange,
  after: After | undefined,
  setAside: EventSetAside[],
): OrderMove | undefined => {
  if (after === undefined) {
    effective(change.request, nowhere, setAside);
    effective(change.outcome, nowhere, setAside);
    return undefined;
  }
  const { request_partition, request_offset, outcome_partition, outcome_offset } = after;
  const request = effective(
    change.request,
    { partition: request_partition, offset: request_offset },
    setAside,
  );
  const outcome = effective(
    change.outcome,
    { partition: outcome_partition, offset: outcome_offset },
    setAside,
  );
  return {
    wasRequested: request_offset !== null && request === undefined,
    wasDecided: outcome_offset !== null && outcome === undefined,
    request,
    outcome,
    asked: after,
  };
};
