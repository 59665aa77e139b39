import type { Pool } from 'pg';
import { readLetterFigures, type LetterCount } from './letter-figures';

/** What the views say about the whole sale, for alerts. */
export interface ViewFigures {
  /** Dead letters that somebody must look at. */
  readonly deadLetters: number;
  /** Age of the oldest of them; 0 without one. */
  readonly oldestDeadLetterMs: number;
  /** All dead letters, also those that are dealt with. */
  readonly lettersByState: readonly LetterCount[];
  /** Orders in the log for longer than `overdueAfterMs` and without an outcome in the view. */
  readonly overdueOrders: number;
  /** Units sold beyond what was stocked, over all items. */
  readonly oversoldUnits: number;
  /** Items with fewer than `lowUnits` left, and some. */
  readonly itemsLow: number;
  /** The items with the least left, at most `itemsMax` of them. */
  readonly unitsLeft: readonly { readonly item: string; readonly units: number }[];
}

export const overdueAfterMs = 60_000;
export const lowUnits = 10;
/** A metric gets a series for each of them, so they are few. */
export const itemsMax = 20;

interface ItemUnits {
  readonly item: string;
  readonly units: number;
}

/** Items that operators stocked; what was sold before its stock is in the view is no oversale but a view behind. */
const readItems = async (db: Pool): Promise<readonly ItemUnits[]> => {
  const { rows } = await db.query<ItemUnits>({
    name: 'figures-items',
    text: `select s.item_id as item, s.stocked - coalesce(sum(t.sold_units), 0)::bigint as units
      from views.item_stock s left join views.item_sales t on t.item_id = s.item_id
      group by s.item_id, s.stocked order by units, item`,
  });
  return rows;
};

/** A partial index holds the pending orders by age, so this costs what is overdue, however many orders there were. */
const readOverdue = async (db: Pool, acceptedBefore: number): Promise<number> => {
  const { rows } = await db.query<{ count: number }>({
    name: 'figures-overdue',
    text: `select count(*) as count from views.orders where status = 'PENDING' and request_appended_at < $1`,
    values: [acceptedBefore],
  });
  return rows[0]?.count ?? 0;
};

/** @param nowMs milliseconds since 1970 */
export const readViewFigures = async (db: Pool, nowMs: number): Promise<ViewFigures> => {
  const items = await readItems(db);
  const letters = await readLetterFigures(db);
  return {
    deadLetters: letters.open,
    oldestDeadLetterMs: letters.oldestOpenAtMs === null ? 0 : Math.max(0, nowMs - letters.oldestOpenAtMs),
    lettersByState: letters.counts,
    overdueOrders: await readOverdue(db, nowMs - overdueAfterMs),
    oversoldUnits: items.reduce((sum, { units }) => sum + Math.max(0, -units), 0),
    itemsLow: items.filter(({ units }) => units > 0 && units < lowUnits).length,
    unitsLeft: items.slice(0, itemsMax),
  };
};
