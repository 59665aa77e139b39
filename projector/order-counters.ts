import type { ClientBase } from 'pg';
import type { ViewSchema } from '../migrations/views/view-shape';
import { listOf, toColumns, unnestOf } from './columns';
import type { Counts } from './item-view';
import type { EventSetAside } from './order-view';

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
