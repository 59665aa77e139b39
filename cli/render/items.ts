import { bar, count } from './figures';
import { harmless, padStart, type Paint } from './paint';
import { table } from './table';

/** `GET /items/:item_id`, as far as it is shown. */
export interface Item {
  readonly item_id: string;
  readonly stocked: number;
  readonly sold: number;
  readonly pending: number;
  readonly available: number;
  /** Units sold beyond what is stocked. */
  readonly shortfall: number;
  readonly buyer_limit: number | null;
  readonly orders: { readonly pending: number; readonly completed: number; readonly failed: number };
  /** What the next `stock set` names as the version it was decided for. */
  readonly version?: number;
  readonly sale?: Sale;
}

/** When an item is sold. */
export interface Sale {
  readonly state: string;
  readonly opens_at: string | null;
  readonly closes_at: string | null;
}

const barWidth = 20;

/** How many are left, below 0 when more were sold than there are. */
export const leftCell = ({ available, shortfall }: Item, paint: Paint, width = 0): string => {
  const text = padStart(count(shortfall > 0 ? -shortfall : available), width);
  if (shortfall > 0) return paint.bad(text);
  return available === 0 ? paint.warn(text) : text;
};

const paintSale = (sale: Sale | undefined, paint: Paint): string => {
  if (sale === undefined) return '-';
  return sale.state === 'OPEN' ? paint.good(sale.state) : paint.warn(sale.state);
};

/** A bar of what is sold. */
export const soldBar = ({ sold, stocked }: Item, width: number): string => bar(sold, stocked, width);

export const itemLines = (items: readonly Item[], paint: Paint): readonly string[] => {
  if (items.length === 0) return ['No item was ever stocked. Stock one with: flash-sale stock add'];
  const right = { align: 'right' } as const;
  return table(
    [
      { title: 'item' },
      { title: 'sold' },
      { title: 'stocked', ...right },
      { title: 'sold', ...right },
      { title: 'pending', ...right },
      { title: 'left', ...right },
      { title: 'limit', ...right },
      { title: 'version', ...right },
      { title: 'sale' },
      { title: 'completed', ...right },
      { title: 'failed', ...right },
    ],
    items.map((item) => [
      harmless(item.item_id),
      soldBar(item, barWidth),
      count(item.stocked),
      count(item.sold),
      count(item.pending),
      leftCell(item, paint),
      item.buyer_limit === null ? '-' : count(item.buyer_limit),
      String(item.version ?? '-'),
      paintSale(item.sale, paint),
      count(item.orders.completed),
      count(item.orders.failed),
    ]),
    paint,
  );
};
