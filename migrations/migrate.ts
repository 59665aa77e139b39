import { Kysely, Migrator, PostgresDialect, type Migration } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { pause } from '../chassis/deadline';
import type { Log } from '../chassis/log';
import { migrations } from './migrations';
import { ensureViews } from './ensure-views';

export const migrationTable = 'schema_migrations';

/** One lock for all deploy steps of a database; the number is arbitrary and must never change. */
const lockKey = 7_190_044_871;
const lockRetryMs = 250;

export type Migrated =
  | { readonly kind: 'done'; readonly applied: readonly string[]; readonly views: readonly string[] }
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly migration: string; readonly error: Error };

const lock = async (client: PoolClient, withinMs: number, log: Log): Promise<boolean> => {
  const endsAtMs = performance.now() + withinMs;
  let told = false;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      lockKey,
    ]);
    if (rows[0]?.locked) return true;
    if (performance.now() > endsAtMs) return false;
    if (!told) log.info('another deploy step is migrating: waiting for it', { event: 'migrate_wait' });
    told = true;
    await pause(lockRetryMs);
  }
};

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const apply = async (pool: Pool, all: Readonly<Record<string, Migration>>): Promise<Migrated> => {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...all }) },
    migrationTableName: migrationTable,
    migrationLockTableName: `${migrationTable}_lock`,
  });
  const { error, results } = await migrator.migrateToLatest();
  const failed = results?.find((result) => result.status === 'Error');
  if (error !== undefined || failed !== undefined) {
    return { kind: 'failed', migration: failed?.migrationName ?? 'none', error: toError(error) };
  }
  const applied = (results ?? []).map((result) => result.migrationName);
  return { kind: 'done', applied, views: [] };
};

/**
 * Brings the database to this release's version: all migrations that have not run, in one transaction, then the
 * views that hold nothing yet in today's shape. Two deploy steps at once do the work once: the second waits for
 * `lockWaitMs`, then says `busy`. The pool stays open and needs two connections.
 */
export const migrate = async (
  pool: Pool,
  options: {
    readonly log: Log;
    readonly lockWaitMs: number;
    /** For tests, which stop at an old version. */
    readonly migrations?: Readonly<Record<string, Migration>>;
  },
): Promise<Migrated> => {
  const client = await pool.connect();
  try {
    if (!(await lock(client, options.lockWaitMs, options.log))) return { kind: 'busy' };
    const migrated = await apply(pool, options.migrations ?? migrations);
    if (migrated.kind !== 'done') return migrated;
    return { ...migrated, views: await ensureViews(client) };
  } finally {
    // Ending the session frees the lock also when the connection is in an unknown state.
    client.release(true);
  }
};
