import type { Pool } from 'pg';

/** An item as its readers see it. */
export interface ItemBody {
  readonly item_id: string;
  readonly stocked: number;
  readonly sold: number;
  /** Units of orders accepted and not decided yet. */
  readonly pending: number;
  /** What can still be sold, as far as the view knows: stocked less sold. */
  readonly available: number;
  /** Most units a buyer may have; null when there is no limit. */
  readonly buyer_limit: number | null;
  readonly orders: { readonly pending: number; readonly completed: number; readonly failed: number };
}

interface ItemFigures {
  readonly item_id: string;
  readonly stocked: number;
  readonly units_max: number | null;
  readonly sold: number;
  readonly pending: number;
  readonly pending_orders: number;
  readonly completed_orders: number;
  readonly failed_orders: number;
}

const toBody = (row: ItemFigures): ItemBody => ({
  item_id: row.item_id,
  stocked: row.stocked,
  sold: row.sold,
  pending: row.pending,
  available: row.stocked - row.sold,
  buyer_limit: row.units_max,
  orders: { pending: row.pending_orders, completed: row.completed_orders, failed: row.failed_orders },
});

/** An item is known once it was stocked or ordered; its sales stand by partition and are summed here. */
const figures = (ids: string): string => `
  select i.item_id, coalesce(s.stocked, 0) as stocked, s.units_max,
    coalesce(sum(t.sold_units), 0)::bigint as sold,
    coalesce(sum(t.pending_units), 0)::bigint as pending,
    coalesce(sum(t.pending_orders), 0)::bigint as pending_orders,
    coalesce(sum(t.completed_orders), 0)::bigint as completed_orders,
    coalesce(sum(t.failed_orders), 0)::bigint as failed_orders
  from (${ids}) i
  left join views.item_stock s on s.item_id = i.item_id
  left join views.item_sales t on t.item_id = i.item_id
  group by i.item_id, s.stocked, s.units_max
  order by i.item_id`;

export const findItem = async (db: Pool, itemId: string): Promise<ItemBody | undefined> => {
  const { rows } = await db.query<ItemFigures>({
    name: 'item',
    text: figures(`
      select item_id from views.item_stock where item_id = $1
      union select item_id from views.item_sales where item_id = $1`),
    values: [itemId],
  });
  return rows[0] && toBody(rows[0]);
};

/** Items by id, from behind `after`. */
export const listItems = async (
  db: Pool,
  after: string | undefined,
  limit: number,
): Promise<readonly ItemBody[]> => {
  const { rows } = await db.query<ItemFigures>({
    name: 'items',
    text: figures(`
      (select item_id from views.item_stock where item_id > $1 order by item_id limit $2)
      union (select distinct item_id from views.item_sales where item_id > $1 order by item_id limit $2)
      order by item_id limit $2`),
    values: [after ?? '', limit],
  });
  return rows.map(toBody);
};
