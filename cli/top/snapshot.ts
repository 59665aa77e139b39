import type { Item } from '../render/items';

/** One snapshot of the stream that feeds the console, as far as it is shown here. */
export interface Snapshot {
  readonly at: string;
  readonly items: readonly Item[];
  readonly oversold: number;
  readonly seconds: readonly {
    readonly at: string;
    readonly accepted: number;
    readonly completed: number;
    readonly failed: Readonly<Record<string, number>>;
  }[];
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  readonly open_orders: number;
  readonly dead_letters: number;
  readonly lag_ms: number | null;
  readonly pipeline: { readonly processes: readonly { readonly name: string; readonly state: string }[] };
}

/** What the stream says once a second. */
export type News =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  /** The views do not answer since then. */
  | { readonly kind: 'unknown'; readonly since: string };
