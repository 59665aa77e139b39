import { sql, type Kysely } from 'kysely';
import { createPendingIndex } from './views/orders-pending';

/**
 * Why: orders that wait too long were looked for in the whole table, 0.2 s for each million every 15 s. Writers wait
 * while the index is built, about a second for a million orders; the projector retries, nothing is lost. A database
 * whose view was dropped gets the index with the rebuild.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  const { rows } = await sql<{
    known: boolean;
  }>`select to_regclass('views.orders') is not null as known`.execute(db);
  if (rows[0]?.known === true) await sql.raw(createPendingIndex('views')).execute(db);
};
