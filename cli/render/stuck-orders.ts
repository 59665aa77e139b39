import { count, duration } from './figures';
import { harmless, type Paint } from './paint';
import { table } from './table';

/** An order of `GET /admin/orders`, as far as it is shown. */
export interface StuckOrder {
  readonly key: string;
  readonly item_id: string | null;
  readonly step: string;
  readonly age_ms: number;
  readonly position: string;
  readonly attempts: number | null;
  readonly last_error: { readonly reason: string; readonly detail: string } | null;
}

const titles = ['order', 'item', 'age', 'waits for', 'tried', 'failed with', 'place in the log'];

const waitsFor: Readonly<Record<string, string>> = {
  WAITS_FOR_DECISION: 'decision (saga)',
  WAITS_FOR_PAYMENT: 'payment (provider)',
  WAITS_FOR_VIEW: 'view (projector)',
  UNKNOWN: 'unknown (Redis does not say)',
};

export const stuckLines = (orders: readonly StuckOrder[], paint: Paint): readonly string[] => {
  if (orders.length === 0) return ['No order.'];
  const rows = orders.map((order) => [
    harmless(order.key),
    harmless(order.item_id ?? '-'),
    duration(order.age_ms),
    waitsFor[order.step] ?? harmless(order.step),
    order.attempts === null ? '-' : count(order.attempts),
    harmless(order.last_error?.reason ?? '-'),
    order.position,
  ]);
  return table(
    titles.map((title) => ({ title })),
    rows,
    paint,
  );
};
