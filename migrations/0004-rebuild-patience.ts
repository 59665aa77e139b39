import { sql, type Kysely } from 'kysely';

/**
 * Why: whoever builds gives up after its own STALLED_AFTER, and every watcher must call it STALLED by the same number, not
 * by one of its own. The default is that of the releases that did not write it.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`alter table rebuilds add column stalled_after_ms integer not null default 30000`.execute(db);
};
