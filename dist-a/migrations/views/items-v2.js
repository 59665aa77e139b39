"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.itemsV2 = void 0;
const offsets_v1_1 = require("./offsets-v1");
/**
 * The items view, version 2: with versions, which say how many commands took effect, and with the sale. What buyers did to
 * an item is in the orders view, because only that view knows which of several copies of an event was the first.
 */
exports.itemsV2 = {
    view: 'items',
    version: 2,
    tables: ['item_offsets', 'item_stock', 'item_commands'],
    create: (schema) => [
        `create table ${schema}.item_stock (
      item_id text primary key,
      stocked bigint not null,
      units_max integer,
      adjusted_at bigint not null,
      stock_version bigint not null default 0,
      sale_mode text not null default 'OPEN',
      opens_at bigint,
      closes_at bigint,
      sale_version bigint not null default 0
    )`,
        // Every command that took effect, once: a repeated command_id is found here and changes nothing.
        `create table ${schema}.item_commands (
      command_id text primary key,
      event_type text not null,
      item_id text not null,
      delta integer,
      units_max integer,
      action text,
      opens_at bigint,
      closes_at bigint,
      expected_version bigint,
      reason text,
      actor text not null,
      commanded_at bigint not null,
      appended_at bigint not null,
      event_id text not null,
      partition integer not null,
      "offset" bigint not null
    )`,
        (0, offsets_v1_1.createOffsetsV1)(schema, 'item_offsets'),
    ],
    createIndexes: (schema) => [
        `create index if not exists item_commands_by_item on ${schema}.item_commands (item_id, partition, "offset")`,
    ],
};
//# sourceMappingURL=items-v2.js.map