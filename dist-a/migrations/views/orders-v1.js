"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ordersV1 = void 0;
const offsets_v1_1 = require("./offsets-v1");
const createCounters = (schema) => [
    `create table ${schema}.item_sales (
    item_id text not null,
    topic text not null,
    partition integer not null,
    pending_units bigint not null,
    sold_units bigint not null,
    pending_orders bigint not null,
    completed_orders bigint not null,
    failed_orders bigint not null,
    primary key (item_id, topic, partition)
  ) with (fillfactor = 50)`,
    `create table ${schema}.order_totals (
    second bigint not null,
    status text not null,
    partition integer not null,
    orders bigint not null,
    units bigint not null,
    primary key (second, status, partition)
  ) with (fillfactor = 50)`,
];
/**
 * The orders view, version 1. Frozen: another shape is another file, shipped by a rebuild.
 *
 * One row holds an order's request and its terminal event, because reading one order is what most reads do; the rare
 * records that changed nothing (copies, void outcomes) stand beside it in `events_set_aside`, so that a timeline is whole.
 *
 * Counters are kept per partition of the log and summed when read: a batch holds the lock of its partition's offsets
 * row, so no two transactions ever meet on a counter, however many projectors run and however hot an item is.
 */
exports.ordersV1 = {
    view: 'orders',
    version: 1,
    tables: ['order_offsets', 'orders', 'events_set_aside', 'item_sales', 'order_totals'],
    create: (schema) => [
        // Pages keep a fifth free, so that the update by an order's outcome stays on its page and touches no index.
        `create table ${schema}.orders (
      requested_at bigint,
      request_offset bigint,
      request_appended_at bigint,
      decided_at bigint,
      outcome_offset bigint,
      outcome_appended_at bigint,
      epoch bigint,
      request_partition integer,
      outcome_partition integer,
      amount integer,
      request_id text not null,
      status text not null,
      user_id text,
      item_id text,
      correlation_id text not null,
      request_event_id text,
      request_causation_id text,
      sales_channel text,
      outcome_event_id text,
      outcome_causation_id text,
      payment_id text,
      detail text
    ) with (fillfactor = 80)`,
        `create table ${schema}.events_set_aside (
      topic text not null,
      partition integer not null,
      "offset" bigint not null,
      request_id text not null,
      event_type text not null,
      event_id text not null,
      correlation_id text not null,
      causation_id text not null,
      happened_at bigint not null,
      appended_at bigint not null,
      is_void boolean not null,
      status text not null,
      user_id text,
      item_id text,
      amount integer,
      epoch bigint,
      primary key (topic, partition, "offset")
    )`,
        ...createCounters(schema),
        (0, offsets_v1_1.createOffsetsV1)(schema, 'order_offsets'),
        `alter table ${schema}.orders add primary key (request_id)`,
    ],
    /** Built after the bulk of a rebuild, when one sort is cheaper than a million insertions. */
    createIndexes: (schema) => [
        `create index if not exists orders_by_buyer on ${schema}.orders (user_id, requested_at desc, request_id desc)`,
        `create index if not exists events_set_aside_by_order on ${schema}.events_set_aside (request_id)`,
    ],
};
//# sourceMappingURL=orders-v1.js.map