"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.datasets = void 0;
const whole = (table, key) => ({
    name: table,
    key,
    rows: (schema) => `select * from ${schema}.${table}`,
});
/** A partition that was begun and not folded is like one that was not begun. */
const offsets = (table) => ({
    name: table,
    key: `topic || ':' || partition`,
    rows: (schema) => `select * from ${schema}.${table} where next > 0`,
});
const itemSales = {
    name: 'item_sales',
    key: 'item_id',
    rows: (schema) => `
    select item_id, sum(pending_units) as pending_units, sum(sold_units) as sold_units,
      sum(pending_orders) as pending_orders, sum(completed_orders) as completed_orders,
      sum(failed_orders) as failed_orders
    from ${schema}.item_sales group by item_id`,
};
/** What a letter's bytes say depends on the schemas known by then. */
const letters = {
    ...whole('dead_letters', `source_topic || ':' || source_partition || ':' || source_offset`),
    leftOut: ['subject', 'item_id', 'decoded'],
};
exports.datasets = {
    orders: [
        whole('orders', 'request_id'),
        whole('events_set_aside', `topic || ':' || partition || ':' || "offset"`),
        itemSales,
        whole('order_totals', `second || ' ' || status || ' ' || partition`),
        offsets('order_offsets'),
    ],
    items: [whole('item_stock', 'item_id'), whole('item_commands', 'command_id'), offsets('item_offsets')],
    'dead-letters': [
        letters,
        whole('letter_actions', `source_topic || ':' || source_partition || ':' || source_offset || ' ' || command_id`),
        whole('letter_commands', `kind || ' ' || command_id`),
        offsets('dead_letter_offsets'),
    ],
};
//# sourceMappingURL=datasets.js.map