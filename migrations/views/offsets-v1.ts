import type { ViewSchema } from './view-shape';

/**
 * How far a view has folded each partition: in the same transaction as the rows, so that the two can never differ.
 * The row is rewritten with every batch, hence the free half of its page. `epoch` and `voided` are the fence's state
 * and stay empty for topics without one.
 */
export const createOffsetsV1 = (schema: ViewSchema, table: string): string =>
  `create table ${schema}.${table} (
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
