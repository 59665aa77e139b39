"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createOffsetsV1 = void 0;
/**
 * How far a view has folded each partition: in the same transaction as the rows, so that the two can never differ.
 * The row is rewritten with every batch, hence the free half of its page. `epoch` and `voided` are the fence's state
 * and stay empty for topics without one.
 */
const createOffsetsV1 = (schema, table) => `create table ${schema}.${table} (
    topic text not null,
    partition integer not null,
    next bigint not null,
    epoch bigint,
    first_appended_at bigint,
    appended_at bigint,
    voided bigint not null,
    undecodable bigint not null,
    primary key (topic, partition)
  ) with (fillfactor = 50)`;
exports.createOffsetsV1 = createOffsetsV1;
//# sourceMappingURL=offsets-v1.js.map