import type { ClientBase } from 'pg';
import type { OrderRow } from '../migrations/tables';
import type { ViewSchema } from '../migrations/views/view-shape';
import { listOf, toColumns, unnestOf } from './columns';
import type { OrderEvent } from './folded';
import type { Counts } from './item-view';
import type { EventSetAside, OrderChange } from './order-view';

const orderColumns = {
  requested_at: 'bigint',
  request_offset: 'bigint',
  request_appended_at: 'bigint',
  decided_at: 'bigint',
  outcome_offset: 'bigint',
  outcome_appended_at: 'bigint',
  epoch: 'bigint',
  request_partition: 'integer',
  outcome_partition: 'integer',
  amount: 'integer',
  request_id: 'text',
  status: 'text',
  user_id: 'text',
  item_id: 'text',
  correlation_id: 'text',
  request_event_id: 'text',
  request_causation_id: 'text',
  sales_channel: 'text',
  outcome_event_id: 'text',
  outcome_causation_id: 'text',
  payment_id: 'text',
  detail: 'text',
} as const satisfies Readonly<Record<keyof OrderRow, string>>;

/** Set by the request, or stand-ins from the outcome until the request is known. */
const askedColumns = [
  'requested_at',
  'request_offset',
  'request_appended_at',
  'request_partition',
  'request_event_id',
  'request_causation_id',
  'sales_channel',
  'user_id',
  'item_id',
  'amount',
  'correlation_id',
] as const;
const decidedColumns = [
  'decided_at',
  'outcome_offset',
  'outcome_appended_at',
  'outcome_partition',
  'outcome_event_id',
  'outcome_causation_id',
  'epoch',
  'payment_id',
  'detail',
  'status',
] as const;

const unasked = {
  requested_at: null,
  request_partition: null,
  request_offset: null,
  request_appended_at: null,
  request_event_id: null,
  request_causation_id: null,
  sales_channel: null,
};
const undecided = {
  status: 'PENDING',
  decided_at: null,
  outcome_partition: null,
  outcome_offset: null,
  outcome_appended_at: null,
  outcome_event_id: null,
  outcome_causation_id: null,
  epoch: null,
  payment_id: null,
  detail: null,
} as const;

const requestPart = (request: OrderEvent): Pick<OrderRow, keyof typeof unasked> => ({
  requested_at: request.happened_at,
  request_partition: request.partition,
  request_offset: request.offset,
  request_appended_at: request.appended_at,
  request_event_id: request.event_id,
  request_causation_id: request.causation_id,
  sales_channel: request.sales_channel,
});

const outcomePart = (outcome: OrderEvent): Pick<OrderRow, keyof typeof undecided> => ({
  status: outcome.status,
  decided_at: outcome.happened_at,
  outcome_partition: outcome.partition,
  outcome_offset: outcome.offset,
  outcome_appended_at: outcome.appended_at,
  outcome_event_id: outcome.event_id,
  outcome_causation_id: outcome.causation_id,
  epoch: outcome.epoch,
  payment_id: outcome.payment_id,
  detail: outcome.detail,
});

/** The row of an order of which nothing else is known. Until the request is known, the outcome says what was asked. */
export const toOrderRow = ({ request_id, request, outcome }: OrderChange): OrderRow => {
  const asked = request ?? outcome;
  return {
    request_id,
    user_id: asked?.user_id ?? null,
    item_id: asked?.item_id ?? null,
    amount: asked?.amount ?? null,
    correlation_id: asked?.correlation_id ?? request_id,
    ...(request ? requestPart(request) : unasked),
    ...(outcome ? outcomePart(outcome) : undecided),
  };
};

const keepOnce = (columns: readonly string[], mark: string): string =>
  columns
    .map((name) => `${name} = case when o.${mark} is null then excluded.${name} else o.${name} end`)
    .join(', ');

const upsert = (schema: ViewSchema): string => `
  insert into ${schema}.orders as o (${listOf(orderColumns)})
  select * from ${unnestOf(orderColumns)}
  on conflict (request_id) do update set
    ${keepOnce(askedColumns, 'request_offset')},
    ${keepOnce(decidedColumns, 'outcome_offset')}
  where (o.request_offset is null and excluded.request_offset is not null)
     or (o.outcome_offset is null and excluded.outcome_offset is not null)
  returning request_id, request_partition, request_offset, outcome_partition, outcome_offset, item_id, amount`;

export type OrderAfterRow = Pick<
  OrderRow,
  | 'request_id'
  | 'request_partition'
  | 'request_offset'
  | 'outcome_partition'
  | 'outcome_offset'
  | 'item_id'
  | 'amount'
>;

const byRequestId = (a: OrderChange, b: OrderChange): number =>
  a.request_id < b.request_id ? -1 : a.request_id > b.request_id ? 1 : 0;

/**
 * Writes what a batch says of orders; the first request and the first outcome of an order stay for ever. Returns the
 * rows that changed, as they are now. Locks rows in the order of their keys, so that two processes which fold the
 * two topics of one order cannot lock each other out.
 */
export const upsertOrders = async (
  client: ClientBase,
  schema: ViewSchema,
  changes: readonly OrderChange[],
): Promise<ReadonlyMap<string, OrderAfterRow>> => {
  if (changes.length === 0) return new Map();
  const rows = changes.toSorted(byRequestId).map(toOrderRow);
  const result = await client.query<OrderAfterRow>({
    name: `upsert-orders-${schema}`,
    text: upsert(schema),
    values: toColumns(rows, Object.keys(orderColumns) as (keyof OrderRow)[]),
  });
  return new Map(result.rows.map((row) => [row.request_id, row]));
};

const setAsideColumns = {
  topic: 'text',
  partition: 'integer',
  offset: 'bigint',
  request_id: 'text',
  event_type: 'text',
  event_id: 'text',
  correlation_id: 'text',
  causation_id: 'text',
  happened_at: 'bigint',
  appended_at: 'bigint',
  is_void: 'boolean',
  status: 'text',
  user_id: 'text',
  item_id: 'text',
  amount: 'integer',
  epoch: 'bigint',
} as const;

export const insertSetAside = async (
  client: ClientBase,
  schema: ViewSchema,
  events: readonly EventSetAside[],
): Promise<void> => {
  if (events.length === 0) return;
  await client.query({
    name: `set-aside-${schema}`,
    text: `insert into ${schema}.events_set_aside (${listOf(setAsideColumns)})
      select * from ${unnestOf(setAsideColumns)}`,
    values: toColumns(events, Object.keys(setAsideColumns) as (keyof typeof setAsideColumns)[]),
  });
};

const salesColumns = {
  item_id: 'text',
  topic: 'text',
  partition: 'integer',
  pending_units: 'bigint',
  sold_units: 'bigint',
  pending_orders: 'bigint',
  completed_orders: 'bigint',
  failed_orders: 'bigint',
} as const;
const salesSums = ['pending_units', 'sold_units', 'pending_orders', 'completed_orders', 'failed_orders'];

const totalColumns = {
  second: 'bigint',
  status: 'text',
  partition: 'integer',
  orders: 'bigint',
  units: 'bigint',
} as const;

const addTo = (columns: readonly string[]): string =>
  columns.map((name) => `${name} = t.${name} + excluded.${name}`).join(', ');

/** Adds to the counters of the partitions whose cursors the transaction holds. */
export const addCounts = async (client: ClientBase, schema: ViewSchema, counts: Counts): Promise<void> => {
  const items = [...counts.items.values()];
  const totals = [...counts.totals.values()];
  if (items.length > 0) {
    await client.query({
      name: `add-sales-${schema}`,
      text: `insert into ${schema}.item_sales as t (${listOf(salesColumns)})
        select * from ${unnestOf(salesColumns)}
        on conflict (item_id, topic, partition) do update set ${addTo(salesSums)}`,
      values: toColumns(items, Object.keys(salesColumns) as (keyof typeof salesColumns)[]),
    });
  }
  if (totals.length > 0) {
    await client.query({
      name: `add-totals-${schema}`,
      text: `insert into ${schema}.order_totals as t (${listOf(totalColumns)})
        select * from ${unnestOf(totalColumns)}
        on conflict (second, status, partition) do update set ${addTo(['orders', 'units'])}`,
      values: toColumns(totals, Object.keys(totalColumns) as (keyof typeof totalColumns)[]),
    });
  }
};
