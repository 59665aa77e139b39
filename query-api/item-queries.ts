import type { Pool } from 'pg';
import type { SaleMode } from '../schemas/events';
import { saleStateAt, type Sale, type SaleState } from '../schemas/sale';

/** The sale of an item at the instant of the answer. */
export interface SaleBody {
  readonly state: SaleState;
  readonly opens_at: string | null;
  readonly closes_at: string | null;
  /** How many changes took effect. */
  readonly version: number;
}

/** An item as its readers see it. */
export interface ItemBody {
  readonly item_id: string;
  readonly stocked: number;
  readonly sold: number;
  /** Units of orders accepted and not decided yet. */
  readonly pending: number;
  /** What can still be sold, as far as the view knows: stocked less sold, and never less than 0. */
  readonly available: number;
  /** Units sold beyond what is stocked, because units were taken out at the moment they were sold. */
  readonly shortfall: number;
  /** How many stock adjustments took effect: the `expected_version` of the next one. */
  readonly version: number;
  /** Most units a buyer may have; null when there is no limit. */
  readonly buyer_limit: number | null;
  readonly sale: SaleBody;
  readonly orders: { readonly pending: number; readonly completed: number; readonly failed: number };
}

interface ItemFigures {
  readonly item_id: string;
  readonly is_stocked: boolean;
  readonly stocked: number;
  readonly units_max: number | null;
  readonly stock_version: number;
  readonly sale_mode: SaleMode;
  readonly opens_at: number | null;
  readonly closes_at: number | null;
  readonly sale_version: number;
  readonly sold: number;
  readonly pending: number;
  readonly pending_orders: number;
  readonly completed_orders: number;
  readonly failed_orders: number;
}

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const toSale = (row: ItemFigures, nowMs: number): SaleBody => {
  const { sale_mode: mode, opens_at: opensAtMs, closes_at: closesAtMs, sale_version: version } = row;
  const sale: Sale = { mode, opensAtMs, closesAtMs, version };
  return {
    state: saleStateAt(sale, nowMs),
    opens_at: instant(opensAtMs),
    closes_at: instant(closesAtMs),
    version,
  };
};

const toBody = (row: ItemFigures, nowMs: number): ItemBody => ({
  item_id: row.item_id,
  stocked: row.stocked,
  sold: row.sold,
  pending: row.pending,
  available: Math.max(0, row.stocked - row.sold),
  // What is sold before its stock is in the view lacks nothing: the view is behind.
  shortfall: row.is_stocked ? Math.max(0, row.sold - row.stocked) : 0,
  version: row.stock_version,
  buyer_limit: row.units_max,
  sale: toSale(row, nowMs),
  orders: { pending: row.pending_orders, completed: row.completed_orders, failed: row.failed_orders },
});

/**
 * An item is known once it was stocked or ordered; its sales stand by partition and are summed here. What version 1 of the
 * view has not is read by way of JSON, so that this release answers also before `make replay VIEW=items`.
 */
const figures = (ids: string): string => `
  select i.item_id, s.item_id is not null as is_stocked, coalesce(s.stocked, 0) as stocked, s.units_max,
    coalesce((to_jsonb(s)->>'stock_version')::bigint, 0) as stock_version,
    coalesce(to_jsonb(s)->>'sale_mode', 'OPEN') as sale_mode,
    (to_jsonb(s)->>'opens_at')::bigint as opens_at,
    (to_jsonb(s)->>'closes_at')::bigint as closes_at,
    coalesce((to_jsonb(s)->>'sale_version')::bigint, 0) as sale_version,
    coalesce(sum(t.sold_units), 0)::bigint as sold,
    coalesce(sum(t.pending_units), 0)::bigint as pending,
    coalesce(sum(t.pending_orders), 0)::bigint as pending_orders,
    coalesce(sum(t.completed_orders), 0)::bigint as completed_orders,
    coalesce(sum(t.failed_orders), 0)::bigint as failed_orders
  from (${ids}) i
  left join views.item_stock s on s.item_id = i.item_id
  left join views.item_sales t on t.item_id = i.item_id
  group by i.item_id, s.item_id, s.stocked, s.units_max
  order by i.item_id`;

export const findItem = async (db: Pool, itemId: string, nowMs: number): Promise<ItemBody | undefined> => {
  const { rows } = await db.query<ItemFigures>({
    name: 'item',
    text: figures(`
      select item_id from views.item_stock where item_id = $1
      union select item_id from views.item_sales where item_id = $1`),
    values: [itemId],
  });
  return rows[0] && toBody(rows[0], nowMs);
};

/** Items by id, from behind `after`. */
export const listItems = async (
  db: Pool,
  page: { readonly after: string | undefined; readonly limit: number },
  nowMs: number,
): Promise<readonly ItemBody[]> => {
  const { rows } = await db.query<ItemFigures>({
    name: 'items',
    text: figures(`
      (select item_id from views.item_stock where item_id > $1 order by item_id limit $2)
      union (select distinct item_id from views.item_sales where item_id > $1 order by item_id limit $2)
      order by item_id limit $2`),
    values: [page.after ?? '', page.limit],
  });
  return rows.map((row) => toBody(row, nowMs));
};

/**
 * Items that a person wants to see: oversold ones first, then where orders are under way, then what can be sold. By id
 * among those, so that no row changes its place because of another one's orders.
 */
export const listBusiestItems = async (
  db: Pool,
  limit: number,
  nowMs: number,
): Promise<readonly ItemBody[]> => {
  const { rows } = await db.query<ItemFigures>({
    name: 'busiest-items',
    text: `select * from (${figures('select item_id from views.item_stock union select item_id from views.item_sales')}) f
      order by is_stocked and sold > stocked desc, pending > 0 desc, sold < stocked desc, item_id limit $1`,
    values: [limit],
  });
  return rows.map((row) => toBody(row, nowMs));
};
