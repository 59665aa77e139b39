"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.addCounts = exports.insertSetAside = void 0;
const columns_1 = require("./columns");
const setAsideColumns = {
    topic: 'text',
    partition: 'integer',
    offset: 'bigint',
    request_id: 'text',
    event_type: 'text',
    event_id: 'text',
    correlation_id: 'text',
    causation_id: 'text',
    happened_at: 'bigint',
    appended_at: 'bigint',
    is_void: 'boolean',
    status: 'text',
    user_id: 'text',
    item_id: 'text',
    amount: 'integer',
    epoch: 'bigint',
};
const insertSetAside = async (client, schema, events) => {
    if (events.length === 0)
        return;
    await client.query({
        name: `set-aside-${schema}`,
        text: `insert into ${schema}.events_set_aside (${(0, columns_1.listOf)(setAsideColumns)})
      select * from ${(0, columns_1.unnestOf)(setAsideColumns)}`,
        values: (0, columns_1.toColumns)(events, Object.keys(setAsideColumns)),
    });
};
exports.insertSetAside = insertSetAside;
const salesColumns = {
    item_id: 'text',
    topic: 'text',
    partition: 'integer',
    pending_units: 'bigint',
    sold_units: 'bigint',
    pending_orders: 'bigint',
    completed_orders: 'bigint',
    failed_orders: 'bigint',
};
const salesSums = ['pending_units', 'sold_units', 'pending_orders', 'completed_orders', 'failed_orders'];
const totalColumns = {
    second: 'bigint',
    status: 'text',
    partition: 'integer',
    orders: 'bigint',
    units: 'bigint',
};
const addTo = (columns) => columns.map((name) => `${name} = t.${name} + excluded.${name}`).join(', ');
/** Adds to the counters of the partitions whose cursors the transaction holds. */
const addCounts = async (client, schema, counts) => {
    const items = [...counts.items.values()];
    const totals = [...counts.totals.values()];
    if (items.length > 0) {
        await client.query({
            name: `add-sales-${schema}`,
            text: `insert into ${schema}.item_sales as t (${(0, columns_1.listOf)(salesColumns)})
        select * from ${(0, columns_1.unnestOf)(salesColumns)}
        on conflict (item_id, topic, partition) do update set ${addTo(salesSums)}`,
            values: (0, columns_1.toColumns)(items, Object.keys(salesColumns)),
        });
    }
    if (totals.length > 0) {
        await client.query({
            name: `add-totals-${schema}`,
            text: `insert into ${schema}.order_totals as t (${(0, columns_1.listOf)(totalColumns)})
        select * from ${(0, columns_1.unnestOf)(totalColumns)}
        on conflict (second, status, partition) do update set ${addTo(['orders', 'units'])}`,
            values: (0, columns_1.toColumns)(totals, Object.keys(totalColumns)),
        });
    }
};
exports.addCounts = addCounts;
//# sourceMappingURL=order-counters.js.map