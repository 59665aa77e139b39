"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.listTotals = exports.logStartMs = exports.listOrdersOf = exports.findTimeline = void 0;
const order_timeline_1 = require("./order-timeline");
/** Row and rest in one statement, so that both are of one moment. */
const timelineStatement = {
    name: 'order-timeline',
    text: `select
      (select to_jsonb(o) from views.orders o where o.request_id = $1) as "row",
      (select coalesce(jsonb_agg(to_jsonb(a)), '[]') from views.events_set_aside a where a.request_id = $1) as aside`,
};
const findTimeline = async (db, key) => {
    const { rows } = await db.query({
        ...timelineStatement,
        values: [key],
    });
    return (0, order_timeline_1.timelineOf)(rows[0]?.row ?? undefined, rows[0]?.aside ?? []);
};
exports.findTimeline = findTimeline;
/** A buyer's orders, newest first, refused ones included. Orders that have only an outcome so far are not listed. */
const listOrdersOf = async (db, userId, page) => {
    const [requestedAt, key] = page.after ?? [Number.MAX_SAFE_INTEGER, ''];
    const { rows } = await db.query({
        name: 'orders-of-buyer',
        text: `select request_id, user_id, item_id, amount, status, correlation_id, requested_at, request_partition,
        request_offset, request_appended_at, decided_at, outcome_partition, outcome_offset, outcome_appended_at
      from views.orders
      where user_id = $1 and requested_at is not null and (requested_at, request_id) < ($2, $3)
      order by requested_at desc, request_id desc limit $4`,
        values: [userId, requestedAt, key, page.limit],
    });
    return rows;
};
exports.listOrdersOf = listOrdersOf;
/** When the broker wrote the first event that the view knows of; `undefined` while there is none. */
const logStartMs = async (db) => {
    const { rows } = await db.query('select min(first_appended_at) as start from views.order_offsets');
    return rows[0]?.start ?? undefined;
};
exports.logStartMs = logStartMs;
/** More would be no plot. */
const bucketsMax = 2_000;
/** A bucket has at most this many statuses; more rows than this many buckets of them never leave PostgreSQL. */
const statusesMax = 16;
/** Orders and units by status in steps of time, oldest first, the newest 2,000 steps; `ACCEPTED` counts requests. */
const listTotals = async (db, range) => {
    const { rows } = await db.query({
        name: 'totals',
        text: `select second - second % $3::bigint as bucket, status, sum(orders)::bigint as orders, sum(units)::bigint as units
      from views.order_totals where second >= $1 and second <= $2 group by 1, 2 order by 1 desc, 2 limit $4`,
        values: [
            Math.floor(range.fromMs / 1000),
            Math.floor(range.toMs / 1000),
            range.stepSeconds,
            bucketsMax * statusesMax,
        ],
    });
    const buckets = new Map();
    for (const { bucket, status, orders, units } of rows) {
        const statuses = buckets.get(bucket) ?? {};
        statuses[status] = { orders, units };
        buckets.set(bucket, statuses);
    }
    return [...buckets]
        .slice(0, bucketsMax)
        .reverse()
        .map(([second, statuses]) => ({ at: new Date(second * 1000).toISOString(), statuses }));
};
exports.listTotals = listTotals;
//# sourceMappingURL=order-queries.js.map