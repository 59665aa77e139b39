import type { Pool } from 'pg';

/** Over all items, however many there are. */
export interface SaleTotals {
  /** Units sold beyond what was stocked. */
  readonly oversoldUnits: number;
  /** Items with fewer than `lowUnits` left, and some. */
  readonly itemsLow: number;
  /** Orders accepted and not decided, as far as the view knows. */
  readonly openOrders: number;
}

export const lowUnits = 10;

/**
 * Units left of every item that operators stocked, below 0 when it is oversold. What was sold before its stock is in the
 * view is not in here: that is no oversale but a view behind.
 */
export const unitsLeft = `
  select s.item_id as item, s.stocked - coalesce(sum(t.sold_units), 0)::bigint as units
  from views.item_stock s left join views.item_sales t on t.item_id = s.item_id
  group by s.item_id, s.stocked`;

export const readSaleTotals = async (db: Pool): Promise<SaleTotals> => {
  const { rows } = await db.query<{ oversold: number; low: number; open: number }>({
    name: 'sale-totals',
    text: `select coalesce(sum(greatest(0, -units)), 0)::bigint as oversold,
        count(*) filter (where units > 0 and units < $1) as low,
        (select coalesce(sum(pending_orders), 0)::bigint from views.item_sales) as open
      from (${unitsLeft}) as item_units`,
    values: [lowUnits],
  });
  const [totals] = rows;
  return {
    oversoldUnits: totals?.oversold ?? 0,
    itemsLow: totals?.low ?? 0,
    openOrders: totals?.open ?? 0,
  };
};
