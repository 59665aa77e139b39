"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.deadLettersV2 = void 0;
const offsets_v1_1 = require("./offsets-v1");
/**
 * The dead letters, version 2: what operators did about each, and what came of it.
 *
 * Letters come from `order-dlq`, commands from `dead-letter-commands`, and nothing orders the two among themselves. So no
 * row says which state a letter is in: rows hold what each record said, in columns that only one kind of record
 * writes, and the state follows from them when they are read (`migrations/letters/letter-rows.ts`).
 */
exports.deadLettersV2 = {
    view: 'dead-letters',
    version: 2,
    tables: ['dead_letter_offsets', 'dead_letters', 'letter_actions', 'letter_commands'],
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
      failed_at bigint not null,
      parked_at bigint not null,
      group_id text not null,
      subject text,
      item_id text,
      decoded jsonb,
      copies integer not null,
      primary key (source_topic, source_partition, source_offset)
    )`,
        // One row for each letter and command; what a redriven record failed with stands beside what the command said.
        `create table ${schema}.letter_actions (
      source_topic text not null,
      source_partition integer not null,
      source_offset bigint not null,
      command_id text not null,
      effect text,
      subject text,
      detail text,
      acted_at bigint,
      "offset" bigint,
      failed_at bigint,
      failed_reason text,
      failed_detail text,
      primary key (source_topic, source_partition, source_offset, command_id)
    )`,
        `create table ${schema}.letter_commands (
      command_id text not null,
      kind text not null,
      letters integer not null,
      rate_per_second integer,
      note text,
      actor text not null,
      ordered_at bigint not null,
      "offset" bigint not null,
      primary key (command_id, kind)
    )`,
        (0, offsets_v1_1.createOffsetsV1)(schema, 'dead_letter_offsets'),
    ],
    createIndexes: (schema) => [
        `create index if not exists dead_letters_by_age on ${schema}.dead_letters (parked_at desc, partition desc, "offset" desc)`,
        `create index if not exists letter_actions_by_command on ${schema}.letter_actions (command_id)`,
    ],
};
//# sourceMappingURL=dead-letters-v2.js.map