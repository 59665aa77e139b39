import type { Pool } from 'pg';
import { readLetterFigures, type LetterCount } from './letter-figures';
import { readSaleTotals, unitsLeft } from './sale-totals';

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
/** A metric gets a series for each of them, so they are few. */
export const itemsMax = 20;

interface ItemUnits {
  readonly item: string;
  readonly units: number;
}

const readLeast = async (db: Pool): Promise<readonly ItemUnits[]> => {
  const { rows } = await db.query<ItemUnits>({
    name: 'figures-items',
    text: `${unitsLeft} order by units, item limit $1`,
    values: [itemsMax],
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
  const { oversoldUnits, itemsLow } = await readSaleTotals(db);
  const letters = await readLetterFigures(db);
  return {
    deadLetters: letters.open,
    oldestDeadLetterMs: letters.oldestOpenAtMs === null ? 0 : Math.max(0, nowMs - letters.oldestOpenAtMs),
    lettersByState: letters.counts,
    overdueOrders: await readOverdue(db, nowMs - overdueAfterMs),
    oversoldUnits,
    itemsLow,
    unitsLeft: await readLeast(db),
  };
};
