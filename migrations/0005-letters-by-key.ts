import { sql, type Kysely } from 'kysely';
import { createLettersByKeyIndex } from './views/letters-by-key';

/**
 * Why: for each order that is listed as stuck its newest dead letter was looked for in the whole table. Writers wait
 * while the index is built; the projector retries, nothing is lost. A database whose view was dropped gets the index with
 * the rebuild.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  const { rows } = await sql<{
    known: boolean;
  }>`select to_regclass('views.dead_letters') is not null as known`.execute(db);
  if (rows[0]?.known === true) await sql.raw(createLettersByKeyIndex('views')).execute(db);
};
