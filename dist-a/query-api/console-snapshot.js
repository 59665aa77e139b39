"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.takeSnapshot = exports.fillSeconds = exports.secondsShown = void 0;
const item_queries_1 = require("./item-queries");
const order_queries_1 = require("./order-queries");
const rebuild_figures_1 = require("./rebuild-figures");
const sale_totals_1 = require("./sale-totals");
exports.secondsShown = 120;
/** More items than a person looks at. */
const itemsMax = 100;
const ordersOf = (bucket, status) => bucket.statuses[status]?.orders ?? 0;
const failedPrefix = 'FAILED_';
const toSecond = (at, bucket) => {
    if (!bucket)
        return { at, accepted: 0, completed: 0, failed: {} };
    const failed = Object.entries(bucket.statuses)
        .filter(([status]) => status.startsWith(failedPrefix))
        .map(([status, { orders }]) => [status.slice(failedPrefix.length), orders]);
    return {
        at,
        accepted: ordersOf(bucket, 'ACCEPTED'),
        completed: ordersOf(bucket, 'COMPLETED'),
        failed: Object.fromEntries(failed),
    };
};
/** A second without orders has no row and is shown all the same. */
const fillSeconds = (buckets, nowMs) => {
    const byTime = new Map(buckets.map((bucket) => [bucket.at, bucket]));
    const lastMs = Math.floor(nowMs / 1000) * 1000;
    return Array.from({ length: exports.secondsShown }, (_, index) => {
        const at = new Date(lastMs - (exports.secondsShown - 1 - index) * 1000).toISOString();
        return toSecond(at, byTime.get(at));
    });
};
exports.fillSeconds = fillSeconds;
const readLatency = async (db, keys) => {
    if (keys.length === 0)
        return null;
    const { rows } = await db.query({
        name: 'console-latency',
        text: `select count(*) as orders, percentile_disc(array[0.5, 0.95, 0.99]) within group
        (order by outcome_appended_at - request_appended_at) as p
      from views.orders where request_id = any($1) and outcome_appended_at is not null and request_appended_at is not null`,
        values: [keys],
    });
    const [p50, p95, p99] = (rows[0]?.p ?? []).map(Number);
    if (p50 === undefined || p95 === undefined || p99 === undefined)
        return null;
    return { p50, p95, p99, orders: rows[0]?.orders ?? 0 };
};
const instantOrNull = (ms) => (ms === null ? null : new Date(ms).toISOString());
/** Asks the views for everything the console shows. Rejects when PostgreSQL does not answer. */
const takeSnapshot = async (sources) => {
    const { db, clock } = sources;
    const nowMs = clock();
    const range = { fromMs: nowMs - exports.secondsShown * 1000, toMs: nowMs, stepSeconds: 1 };
    const [items, totals, buckets, latency, letters, rebuilds] = await Promise.all([
        (0, item_queries_1.listBusiestItems)(db, itemsMax, nowMs),
        (0, sale_totals_1.readSaleTotals)(db),
        (0, order_queries_1.listTotals)(db, range),
        readLatency(db, sources.takeDecided()),
        sources.letters(),
        (0, rebuild_figures_1.readRebuildFigures)(db, nowMs),
    ]);
    return {
        at: new Date(nowMs).toISOString(),
        items,
        oversold: totals.oversoldUnits,
        seconds: (0, exports.fillSeconds)(buckets, nowMs),
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
exports.takeSnapshot = takeSnapshot;
//# sourceMappingURL=console-snapshot.js.map