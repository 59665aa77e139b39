"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.listBusiestItems = exports.listItems = exports.findItem = void 0;
const sale_1 = require("../schemas/sale");
const instant = (ms) => (ms === null ? null : new Date(ms).toISOString());
const toSale = (row, nowMs) => {
    const { sale_mode: mode, opens_at: opensAtMs, closes_at: closesAtMs, sale_version: version } = row;
    const sale = { mode, opensAtMs, closesAtMs, version };
    return {
        state: (0, sale_1.saleStateAt)(sale, nowMs),
        opens_at: instant(opensAtMs),
        closes_at: instant(closesAtMs),
        version,
    };
};
const toBody = (row, nowMs) => ({
    item_id: row.item_id,
    stocked: row.stocked,
    sold: row.sold,
    pending: row.pending,
    available: Math.max(0, row.stocked - row.sold),
    // What is sold before its stock is in the view lacks nothing: the view is behind.
    shortfall: row.is_stocked ? Math.max(0, row.sold - row.stocked) : 0,
    version: row.stock_version,
    buyer_limit: row.units_max,
    sale: toSale(row, nowMs),
    orders: { pending: row.pending_orders, completed: row.completed_orders, failed: row.failed_orders },
});
/**
 * An item is known once it was stocked or ordered; its sales stand by partition and are summed here. What version 1 of the
 * view has not is read by way of JSON, so that this release answers also before `make replay VIEW=items`.
 */
const figures = (ids) => `
  select i.item_id, s.item_id is not null as is_stocked, coalesce(s.stocked, 0) as stocked, s.units_max,
    coalesce((to_jsonb(s)->>'stock_version')::bigint, 0) as stock_version,
    coalesce(to_jsonb(s)->>'sale_mode', 'OPEN') as sale_mode,
    (to_jsonb(s)->>'opens_at')::bigint as opens_at,
    (to_jsonb(s)->>'closes_at')::bigint as closes_at,
    coalesce((to_jsonb(s)->>'sale_version')::bigint, 0) as sale_version,
    coalesce(sum(t.sold_units), 0)::bigint as sold,
    coalesce(sum(t.pending_units), 0)::bigint as pending,
    coalesce(sum(t.pending_orders), 0)::bigint as pending_orders,
    coalesce(sum(t.completed_orders), 0)::bigint as completed_orders,
    coalesce(sum(t.failed_orders), 0)::bigint as failed_orders
  from (${ids}) i
  left join views.item_stock s on s.item_id = i.item_id
  left join views.item_sales t on t.item_id = i.item_id
  group by i.item_id, s.item_id, s.stocked, s.units_max
  order by i.item_id`;
const findItem = async (db, itemId, nowMs) => {
    const { rows } = await db.query({
        name: 'item',
        text: figures(`
      select item_id from views.item_stock where item_id = $1
      union select item_id from views.item_sales where item_id = $1`),
        values: [itemId],
    });
    return rows[0] && toBody(rows[0], nowMs);
};
exports.findItem = findItem;
/** Items by id, from behind `after`. */
const listItems = async (db, page, nowMs) => {
    const { rows } = await db.query({
        name: 'items',
        text: figures(`
      (select item_id from views.item_stock where item_id > $1 order by item_id limit $2)
      union (select distinct item_id from views.item_sales where item_id > $1 order by item_id limit $2)
      order by item_id limit $2`),
        values: [page.after ?? '', page.limit],
    });
    return rows.map((row) => toBody(row, nowMs));
};
exports.listItems = listItems;
/**
 * Items that a person wants to see: oversold ones first, then where orders are under way, then what can be sold. By id
 * among those, so that no row changes its place because of another one's orders.
 */
const listBusiestItems = async (db, limit, nowMs) => {
    const { rows } = await db.query({
        name: 'busiest-items',
        text: `select * from (${figures('select item_id from views.item_stock union select item_id from views.item_sales')}) f
      order by is_stocked and sold > stocked desc, pending > 0 desc, sold < stocked desc, item_id limit $1`,
        values: [limit],
    });
    return rows.map((row) => toBody(row, nowMs));
};
exports.listBusiestItems = listBusiestItems;
//# sourceMappingURL=item-queries.js.map