import { DatabaseError, type ClientBase } from 'pg';
import type { OrderRow } from '../migrations/tables';
import type { ViewSchema } from '../migrations/views/view-shape';
import { arrayLiteral, unnestOf } from './columns';
import { copyField, copyRows } from './copy-rows';
import { orderColumns } from './order-columns';
import type { OrderChange } from './order-view';

const columnNames = Object.keys(orderColumns);
const columnList = columnNames.join(', ');
const columnsInOrder = Object.values(orderColumns);
const columnTypes = Object.fromEntries(
  columnNames.map((name, index) => [name, columnsInOrder[index]?.type ?? '']),
);

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

const keepOnce = (columns: readonly string[], mark: string): string =>
  columns
    .map((name) => `${name} = case when o.${mark} is null then excluded.${name} else o.${name} end`)
    .join(', ');

const upsert = (schema: ViewSchema): string => `
  insert into ${schema}.orders as o (${columnList})
  select * from ${unnestOf(columnTypes)}
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
  const sorted = changes.toSorted(byRequestId);
  const result = await client.query<OrderAfterRow>({
    name: `upsert-orders-${schema}`,
    text: upsert(schema),
    values: columnsInOrder.map(({ of }) => arrayLiteral(sorted, of)),
  });
  return new Map(result.rows.map((row) => [row.request_id, row]));
};

const lineOf = (change: OrderChange): string =>
  `${columnsInOrder.map(({ of }) => copyField(of(change))).join('\t')}\n`;

const isDuplicateKey = (error: unknown): boolean => error instanceof DatabaseError && error.code === '23505';

/**
 * Copies orders that are thought to be new. False when one of them is there: then none was written, and the
 * transaction is as it was before.
 */
export const copyNewOrders = async (
  client: ClientBase,
  schema: ViewSchema,
  changes: readonly OrderChange[],
): Promise<boolean> => {
  await client.query('savepoint copy_orders');
  try {
    let lines = '';
    for (const change of changes) lines += lineOf(change);
    await copyRows(client, `${schema}.orders (${columnList})`, lines);
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await client.query('rollback to savepoint copy_orders');
    return false;
  }
};
