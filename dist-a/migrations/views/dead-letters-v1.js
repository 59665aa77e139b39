"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.deadLettersV1 = void 0;
const offsets_v1_1 = require("./offsets-v1");
/** The dead letters, version 1: one row for each record that could not be processed, however often it was parked. */
exports.deadLettersV1 = {
    view: 'dead-letters',
    version: 1,
    tables: ['dead_letter_offsets', 'dead_letters'],
    create: (schema) => [
        `create table ${schema}.dead_letters (
      source_topic text not null,
      source_partition integer not null,
      source_offset bigint not null,
      partition integer not null,
      "offset" bigint not null,
      key bytea,
      value bytea,
      headers jsonb not null,
      reason text not null,
      detail text not null,
      consumer text not null,
      attempts integer not null,
      correlation_id text not null,
      parked_at bigint not null,
      copies integer not null,
      primary key (source_topic, source_partition, source_offset)
    )`,
        (0, offsets_v1_1.createOffsetsV1)(schema, 'dead_letter_offsets'),
    ],
    createIndexes: (schema) => [
        `create index if not exists dead_letters_by_age on ${schema}.dead_letters (parked_at desc, partition desc, "offset" desc)`,
    ],
};
//# sourceMappingURL=dead-letters-v1.js.map