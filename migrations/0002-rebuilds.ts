import { sql, type Kysely } from 'kysely';

/**
 * Why: a rebuild is watched, resumed and switched by processes other than the one that builds, so its state is
 * here and not in a process. One row a view: a second rebuild at once has no place to be.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    create table rebuilds (
      view text primary key,
      state text not null,
      version integer not null,
      started_at bigint not null,
      progressed_at bigint not null,
      events_total bigint not null,
      events_done bigint not null,
      events_per_second double precision not null,
      detail text,
      report jsonb
    )`.execute(db);
};
