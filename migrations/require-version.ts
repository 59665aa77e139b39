import type { Pool } from 'pg';
import { pause } from '../chassis/deadline';
import type { Log } from '../chassis/log';
import { migrationTable } from './migrate';
import { versionNeeded } from './migrations';

export type DatabaseVersion =
  | { readonly kind: 'ready' }
  | { readonly kind: 'behind'; readonly found: string; readonly needed: string }
  | { readonly kind: 'unreachable'; readonly error: Error };

const undefinedTable = '42P01';

/** Whether the database has what this release needs. A newer one has. */
export const databaseVersion = async (pool: Pool, needed = versionNeeded): Promise<DatabaseVersion> => {
  try {
    const { rows } = await pool.query<{ name: string }>(
      `select name from ${migrationTable} order by name desc limit 1`,
    );
    const found = rows[0]?.name ?? 'none';
    return rows[0] !== undefined && found >= needed ? { kind: 'ready' } : { kind: 'behind', found, needed };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefinedTable) return { kind: 'behind', found: 'none', needed };
    return { kind: 'unreachable', error: error instanceof Error ? error : new Error(String(error)) };
  }
};

const describe = (version: Exclude<DatabaseVersion, { kind: 'ready' }>): string =>
  version.kind === 'unreachable'
    ? `PostgreSQL does not answer (${version.error.message})`
    : `the database has migration ${version.found}, this release needs ${version.needed}: run the migrations (node dist/migrations/main.js up)`;

const retryMs = 500;

/**
 * Resolves once the deploy step has brought the database to the version this release needs; services call it when
 * they start. Says what it waits for when that changes.
 * @throws Error that says what was missing, after `timeoutMs` (default 60 s).
 */
export const requireDatabaseVersion = async (
  pool: Pool,
  options: { readonly log: Log; readonly timeoutMs?: number; readonly needed?: string },
): Promise<void> => {
  const timeoutMs = options.timeoutMs ?? 60_000;
  const endsAtMs = performance.now() + timeoutMs;
  let said = '';
  for (;;) {
    const version = await databaseVersion(pool, options.needed);
    if (version.kind === 'ready') return;
    const missing = describe(version);
    if (performance.now() > endsAtMs) throw new Error(`Gave up after ${timeoutMs} ms: ${missing}`);
    if (missing !== said) options.log.info(`waiting: ${missing}`, { event: 'waiting_for_database' });
    said = missing;
    await pause(retryMs);
  }
};
