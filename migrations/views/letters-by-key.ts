import { deadLettersV2 } from './dead-letters-v2';
import type { ViewSchema, ViewShape } from './view-shape';

/** The letters of an order. By hash: a key is whatever somebody wrote, and a btree takes no more than 2,704 bytes of it. */
export const createLettersByKeyIndex = (schema: ViewSchema): string =>
  `create index if not exists dead_letters_by_key on ${schema}.dead_letters using hash (key)`;

/** Version 2 with one more index: its rows are the same, so no rebuild is needed for it. */
export const deadLettersV2Indexed: ViewShape = {
  ...deadLettersV2,
  createIndexes: (schema) => [...deadLettersV2.createIndexes(schema), createLettersByKeyIndex(schema)],
};
