import type { SaleMode } from './events';

/** What the sale of an item is: what its SaleChanged events that took effect add up to. */
export interface Sale {
  readonly mode: SaleMode;
  readonly opensAtMs: number | null;
  readonly closesAtMs: number | null;
  /** How many changes took effect. */
  readonly version: number;
}

/** Of an item that no operator ever opened or closed: on sale. */
export const alwaysOpen: Sale = { mode: 'OPEN', opensAtMs: null, closesAtMs: null, version: 0 };

export type SaleState = 'OPEN' | 'SCHEDULED' | 'PAUSED' | 'CLOSED';

/**
 * What a sale is at an instant. Closed comes first, because nothing is sold after it; a pause outlasts the opening, because
 * an operator ordered it.
 */
export const saleStateAt = ({ mode, opensAtMs, closesAtMs }: Sale, atMs: number): SaleState => {
  if (mode === 'CLOSED' || (closesAtMs !== null && atMs >= closesAtMs)) return 'CLOSED';
  if (mode === 'PAUSED') return 'PAUSED';
  return opensAtMs !== null && atMs < opensAtMs ? 'SCHEDULED' : 'OPEN';
};
