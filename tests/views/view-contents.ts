import type { Pool } from 'pg';
import type { ViewSchema } from '../../migrations/views/view-shape';
import type { Expected, ExpectedItem, ExpectedOrder } from './independent-fold';

const isNothing = (item: ExpectedItem): boolean => Object.values(item).every((count) => count === 0);

/** What the orders view holds, in the words of the independent fold. */
export const readViews = async (db: Pool, schema: ViewSchema = 'views'): Promise<Expected> => {
  const orders = await db.query<ExpectedOrder & { request_id: string }>(
    `select request_id, status, user_id, item_id, amount, request_offset, outcome_offset from ${schema}.orders`,
  );
  const items = await db.query<ExpectedItem & { item_id: string }>(
    `select item_id, sum(pending_units)::int as pending, sum(sold_units)::int as sold,
       sum(pending_orders)::int as pending_orders, sum(completed_orders)::int as completed_orders,
       sum(failed_orders)::int as failed_orders
     from ${schema}.item_sales group by 1 order by 1`,
  );
  const aside = await db.query<{ place: string }>(
    `select topic || ':' || partition || ':' || "offset" || case when is_void then ' void' else '' end as place
     from ${schema}.events_set_aside`,
  );
  return {
    orders: Object.fromEntries(orders.rows.map(({ request_id, ...order }) => [request_id, order])),
    items: Object.fromEntries(
      items.rows.flatMap(({ item_id, ...item }) => (isNothing(item) ? [] : [[item_id, item]])),
    ),
    setAside: aside.rows.map(({ place }) => place).toSorted(),
  };
};

/** Empties the orders view: cheaper for a property than a database a run. */
export const emptyViews = async (db: Pool, schema: ViewSchema = 'views'): Promise<void> => {
  await db.query(
    `truncate ${['orders', 'events_set_aside', 'item_sales', 'order_totals', 'order_offsets']
      .map((table) => `${schema}.${table}`)
      .join(', ')}`,
  );
};
