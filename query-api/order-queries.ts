import type { Pool } from 'pg';
import type { EventSetAsideRow, OrderRow } from '../migrations/tables';
import { summaryColumns } from './order-lookup';
import type { OrderSummary } from './order-status';
import { timelineOf, type TimelineEntry } from './order-timeline';

/** Row and rest in one statement, so that both are of one moment. */
const timelineStatement = {
  name: 'order-timeline',
  text: `select
      (select to_jsonb(o) from views.orders o where o.request_id = $1) as "row",
      (select coalesce(jsonb_agg(to_jsonb(a)), '[]') from views.events_set_aside a where a.request_id = $1) as aside`,
};

export const findTimeline = async (db: Pool, key: string): Promise<readonly TimelineEntry[]> => {
  const { rows } = await db.query<{ row: OrderRow | null; aside: readonly EventSetAsideRow[] }>({
    ...timelineStatement,
    values: [key],
  });
  return timelineOf(rows[0]?.row ?? undefined, rows[0]?.aside ?? []);
};

export type OrderCursor = readonly [requestedAt: number, key: string];

/** A buyer's orders, newest first, refused ones included. Orders that have only an outcome so far are not listed. */
export const listOrdersOf = async (
  db: Pool,
  userId: string,
  page: { readonly limit: number; readonly after?: OrderCursor },
): Promise<readonly OrderSummary[]> => {
  const [requestedAt, key] = page.after ?? [Number.MAX_SAFE_INTEGER, ''];
  const { rows } = await db.query<OrderSummary>({
    name: 'orders-of-buyer',
    text: `select ${summaryColumns.join(', ')}
      from views.orders
      where user_id = $1 and requested_at is not null and (requested_at, request_id) < ($2, $3)
      order by requested_at desc, request_id desc limit $4`,
    values: [userId, requestedAt, key, page.limit],
  });
  return rows;
};

/** When the broker wrote the first event that the view knows of; `undefined` while there is none. */
export const logStartMs = async (db: Pool): Promise<number | undefined> => {
  const { rows } = await db.query<{ start: number | null }>(
    'select min(first_appended_at) as start from views.order_offsets',
  );
  return rows[0]?.start ?? undefined;
};

export interface TotalsBucket {
  readonly at: string;
  readonly statuses: Readonly<Record<string, { readonly orders: number; readonly units: number }>>;
}

export interface TotalsRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepSeconds: number;
}

/** More would be no plot. */
const stepsMax = 2_000;

/**
 * Orders and units by status in steps of time, oldest first; `ACCEPTED` counts requests. What lies more than 2,000 steps
 * before the newest one is not even read: a range of a whole sale by the second is millions of rows.
 */
export const listTotals = async (db: Pool, range: TotalsRange): Promise<readonly TotalsBucket[]> => {
  const { rows } = await db.query<{ bucket: number; status: string; orders: number; units: number }>({
    name: 'totals',
    text: `select second - second % $3::bigint as bucket, status, sum(orders)::bigint as orders, sum(units)::bigint as units
      from views.order_totals
      where second <= $2 and second >= greatest($1,
        (select max(second) - max(second) % $3 - $4 * $3 from views.order_totals where second <= $2))
      group by 1, 2 order by 1, 2`,
    values: [Math.floor(range.fromMs / 1000), Math.floor(range.toMs / 1000), range.stepSeconds, stepsMax - 1],
  });
  const buckets = new Map<number, Record<string, { orders: number; units: number }>>();
  for (const { bucket, status, orders, units } of rows) {
    const statuses = buckets.get(bucket) ?? {};
    statuses[status] = { orders, units };
    buckets.set(bucket, statuses);
  }
  return [...buckets].map(([second, statuses]) => ({ at: new Date(second * 1000).toISOString(), statuses }));
};
