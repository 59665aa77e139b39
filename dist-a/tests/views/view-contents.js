"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.emptyViews = exports.readViews = void 0;
const isNothing = (item) => Object.values(item).every((count) => count === 0);
/** What the orders view holds, in the words of the independent fold. */
const readViews = async (db, schema = 'views') => {
    const orders = await db.query(`select request_id, status, user_id, item_id, amount, request_offset, outcome_offset from ${schema}.orders`);
    const items = await db.query(`select item_id, sum(pending_units)::int as pending, sum(sold_units)::int as sold,
       sum(pending_orders)::int as pending_orders, sum(completed_orders)::int as completed_orders,
       sum(failed_orders)::int as failed_orders
     from ${schema}.item_sales group by 1 order by 1`);
    const aside = await db.query(`select topic || ':' || partition || ':' || "offset" || case when is_void then ' void' else '' end as place
     from ${schema}.events_set_aside`);
    return {
        orders: Object.fromEntries(orders.rows.map(({ request_id, ...order }) => [request_id, order])),
        items: Object.fromEntries(items.rows.flatMap(({ item_id, ...item }) => (isNothing(item) ? [] : [[item_id, item]]))),
        setAside: aside.rows.map(({ place }) => place).toSorted(),
    };
};
exports.readViews = readViews;
/** Empties the orders view: cheaper for a property than a database a run. */
const emptyViews = async (db, schema = 'views') => {
    await db.query(`truncate ${['orders', 'events_set_aside', 'item_sales', 'order_totals', 'order_offsets']
        .map((table) => `${schema}.${table}`)
        .join(', ')}`);
};
exports.emptyViews = emptyViews;
//# sourceMappingURL=view-contents.js.map