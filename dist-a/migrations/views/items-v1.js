"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.itemsV1 = void 0;
const offsets_v1_1 = require("./offsets-v1");
/**
 * The items view, version 1: what operators did to an item. What buyers did to it is in the orders view, because
 * only that view knows which of several copies of an event was the first.
 */
exports.itemsV1 = {
    view: 'items',
    version: 1,
    tables: ['item_offsets', 'item_stock', 'item_commands'],
    create: (schema) => [
        `create table ${schema}.item_stock (
      item_id text primary key,
      stocked bigint not null,
      units_max integer,
      adjusted_at bigint not null
    )`,
        // Every command once: a repeated command_id is found here and changes nothing.
        `create table ${schema}.item_commands (
      command_id text primary key,
      event_type text not null,
      item_id text not null,
      delta integer,
      units_max integer,
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
//# sourceMappingURL=items-v1.js.map