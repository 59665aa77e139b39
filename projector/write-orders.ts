import type { ClientBase } from 'pg';
import type { ViewSchema } from '../migrations/views/view-shape';
import { copyNewOrders, upsertOrders } from './order-store';
import { moveOfNew, settleOrder, type EventSetAside, type OrderChange, type OrderMove } from './order-view';

/** Writes the orders, adds to `setAside` what came too late, and returns how those moved that did. */
export type WriteOrders = (
  client: ClientBase,
  schema: ViewSchema,
  changes: readonly OrderChange[],
  setAside: EventSetAside[],
) => Promise<readonly OrderMove[]>;

/**
 * For tables that others may write at the same time: two projectors lock each other out unless both write rows in the
 * order of their keys, in one statement.
 */
export const writeSharedOrders: WriteOrders = async (client, schema, changes, setAside) => {
  const after = await upsertOrders(client, schema, changes);
  return changes.flatMap((change) => settleOrder(change, after.get(change.request_id), setAside) ?? []);
};

/** Below this, a savepoint costs more than COPY saves. */
const copyMinDefault = 100;
/** After orders that were thought new and were not, this many batches are not copied: they are likely the same. */
const pauseDefault = 20;

/**
 * For tables that nobody else writes, as a rebuild's are. Orders whose request is in the batch are mostly new and are
 * copied; the rows of the others are mostly there. When one of the new ones was there, all are written with care.
 */
export const createOwnOrdersWriter = (copyMin = copyMinDefault, pause = pauseDefault): WriteOrders => {
  let pauseLeft = 0;
  return async (client, schema, changes, setAside) => {
    const fresh = changes.filter(({ request }) => request !== undefined);
    if (fresh.length < copyMin || pauseLeft > 0) {
      pauseLeft = Math.max(0, pauseLeft - 1);
      return writeSharedOrders(client, schema, changes, setAside);
    }
    if (!(await copyNewOrders(client, schema, fresh))) {
      pauseLeft = pause;
      return writeSharedOrders(client, schema, changes, setAside);
    }
    const others = changes.filter(({ request }) => request === undefined);
    return [...fresh.map(moveOfNew), ...(await writeSharedOrders(client, schema, others, setAside))];
  };
};
