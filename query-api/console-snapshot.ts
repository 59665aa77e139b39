import type { Pool } from 'pg';
import type { ConsolePipeline } from './console-pipeline';
import type { ItemBody } from './item-queries';
import type { LetterCount, LetterFigures } from './letter-figures';
import { listTotals, type TotalsBucket } from './order-queries';
import { readRebuildFigures, type RebuildFigures } from './rebuild-figures';
import type { SaleTotals } from './sale-totals';

/** One second of the sale. */
export interface ConsoleSecond {
  readonly at: string;
  readonly accepted: number;
  readonly completed: number;
  /** Orders by reason. */
  readonly failed: Readonly<Record<string, number>>;
}

/** Milliseconds from the broker's append of the request to that of the outcome. */
export interface ConsoleLatency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** How many decided orders were looked at. */
  readonly orders: number;
}

/** What the console shows; one of these a second, whoever watches. */
export interface ConsoleSnapshot {
  readonly at: string;
  /** Oversold ones first, then what is being sold; `/items` has all of them. */
  readonly items: readonly ItemBody[];
  /** Units sold beyond what was stocked, over all items. */
  readonly oversold: number;
  /** Oldest first, without gaps; the last one is not over yet. */
  readonly seconds: readonly ConsoleSecond[];
  /** Of orders decided since the snapshot before; null when there were none. */
  readonly latency: ConsoleLatency | null;
  /** Accepted and not decided, as far as the view knows. */
  readonly open_orders: number;
  /** Open ones: parked, or failed again. */
  readonly dead_letters: number;
  readonly letters: {
    readonly oldest_open_at: string | null;
    /** Most first, by what became of them and why they were parked. */
    readonly counts: readonly LetterCount[];
  };
  readonly rebuilds: readonly RebuildFigures[];
  /** How far the view is behind the log, the worst partition; null: nobody knows. */
  readonly lag_ms: number | null;
  /** Whether the projector's announcements arrive at once, or the view is polled. */
  readonly is_listening: boolean;
  readonly pipeline: ConsolePipeline;
}

export interface SnapshotSources {
  readonly db: Pool;
  readonly items: () => Promise<readonly ItemBody[]>;
  readonly sale: () => Promise<SaleTotals>;
  readonly letters: () => Promise<LetterFigures>;
  readonly lagMs: () => number | null;
  readonly isListening: () => boolean;
  readonly pipeline: () => ConsolePipeline;
  /** Keys of orders decided since it was asked last, not more than a few hundred of them. */
  readonly takeDecided: () => readonly string[];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export const secondsShown = 120;

const ordersOf = (bucket: TotalsBucket, status: string): number => bucket.statuses[status]?.orders ?? 0;

const failedPrefix = 'FAILED_';

const toSecond = (at: string, bucket: TotalsBucket | undefined): ConsoleSecond => {
  if (!bucket) return { at, accepted: 0, completed: 0, failed: {} };
  const failed = Object.entries(bucket.statuses)
    .filter(([status]) => status.startsWith(failedPrefix))
    .map(([status, { orders }]) => [status.slice(failedPrefix.length), orders] as const);
  return {
    at,
    accepted: ordersOf(bucket, 'ACCEPTED'),
    completed: ordersOf(bucket, 'COMPLETED'),
    failed: Object.fromEntries(failed),
  };
};

/** A second without orders has no row and is shown all the same. */
export const fillSeconds = (buckets: readonly TotalsBucket[], nowMs: number): readonly ConsoleSecond[] => {
  const byTime = new Map(buckets.map((bucket) => [bucket.at, bucket]));
  const lastMs = Math.floor(nowMs / 1000) * 1000;
  return Array.from({ length: secondsShown }, (_, index) => {
    const at = new Date(lastMs - (secondsShown - 1 - index) * 1000).toISOString();
    return toSecond(at, byTime.get(at));
  });
};

const readLatency = async (db: Pool, keys: readonly string[]): Promise<ConsoleLatency | null> => {
  if (keys.length === 0) return null;
  const { rows } = await db.query<{ p: readonly number[] | null; orders: number }>({
    name: 'console-latency',
    text: `select count(*) as orders, percentile_disc(array[0.5, 0.95, 0.99]) within group
        (order by outcome_appended_at - request_appended_at) as p
      from views.orders where request_id = any($1) and outcome_appended_at is not null and request_appended_at is not null`,
    values: [keys],
  });
  const [p50, p95, p99] = (rows[0]?.p ?? []).map(Number);
  if (p50 === undefined || p95 === undefined || p99 === undefined) return null;
  return { p50, p95, p99, orders: rows[0]?.orders ?? 0 };
};

const instantOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Asks the views for everything the console shows. Rejects when PostgreSQL does not answer. */
export const takeSnapshot = async (sources: SnapshotSources): Promise<ConsoleSnapshot> => {
  const { db, clock } = sources;
  const nowMs = clock();
  const range = { fromMs: nowMs - secondsShown * 1000, toMs: nowMs, stepSeconds: 1 };
  const [items, totals, buckets, latency, letters, rebuilds] = await Promise.all([
    sources.items(),
    sources.sale(),
    listTotals(db, range),
    readLatency(db, sources.takeDecided()),
    sources.letters(),
    readRebuildFigures(db, nowMs),
  ]);
  return {
    at: new Date(nowMs).toISOString(),
    items,
    oversold: totals.oversoldUnits,
    seconds: fillSeconds(buckets, nowMs),
    latency,
    open_orders: totals.openOrders,
    dead_letters: letters.open,
    letters: { oldest_open_at: instantOrNull(letters.oldestOpenAtMs), counts: letters.counts },
    rebuilds,
    lag_ms: sources.lagMs(),
    is_listening: sources.isListening(),
    pipeline: sources.pipeline(),
  };
};
