import type { ViewName, ViewSchema } from '../../migrations/views/view-shape';

/**
 * What of a view must be equal after a rebuild: a key to name a row by, and a query of rows. Counters are compared as
 * sums, because how they are spread over partitions depends on the order in which topics were read.
 */
export interface Dataset {
  /** The table's name. */
  readonly name: string;
  readonly key: string;
  readonly rows: (schema: ViewSchema) => string;
  /** Columns that need not be equal. */
  readonly leftOut?: readonly string[];
}

const whole = (table: string, key: string): Dataset => ({
  name: table,
  key,
  rows: (schema) => `select * from ${schema}.${table}`,
});

/** A partition that was begun and not folded is like one that was not begun. */
const offsets = (table: string): Dataset => ({
  name: table,
  key: `topic || ':' || partition`,
  rows: (schema) => `select * from ${schema}.${table} where next > 0`,
});

const itemSales: Dataset = {
  name: 'item_sales',
  key: 'item_id',
  rows: (schema) => `
    select item_id, sum(pending_units) as pending_units, sum(sold_units) as sold_units,
      sum(pending_orders) as pending_orders, sum(completed_orders) as completed_orders,
      sum(failed_orders) as failed_orders
    from ${schema}.item_sales group by item_id`,
};

/** What a letter's bytes say depends on the schemas known by then. */
const letters: Dataset = {
  ...whole('dead_letters', `source_topic || ':' || source_partition || ':' || source_offset`),
  leftOut: ['subject', 'item_id', 'decoded'],
};

export const datasets: Readonly<Record<ViewName, readonly Dataset[]>> = {
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
    whole(
      'letter_actions',
      `source_topic || ':' || source_partition || ':' || source_offset || ' ' || command_id`,
    ),
    whole('letter_commands', `kind || ' ' || command_id`),
    offsets('dead_letter_offsets'),
  ],
};
