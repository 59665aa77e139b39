import type { ClientBase, Pool, PoolClient } from 'pg';
import { rebuildLockClass, rebuildLockOf } from '../../migrations/rebuilds/rebuild-lock';
import type { RebuildRow } from '../../migrations/tables';
import type { ViewName, ViewSchema } from '../../migrations/views/view-shape';
import type { RebuildState } from './rebuild-state';

/** What is kept of a rebuild, for `status` and for whoever goes on with it. */
export interface RebuildRecord extends Omit<RebuildRow, 'state' | 'view'> {
  readonly view: ViewName;
  readonly state: RebuildState;
}

export const findRebuild = async (
  db: Pool | ClientBase,
  view: ViewName,
): Promise<RebuildRecord | undefined> => {
  const { rows } = await db.query<RebuildRecord>('select * from rebuilds where view = $1', [view]);
  return rows[0];
};

export const beginRebuild = async (
  db: ClientBase,
  begun: Pick<RebuildRow, 'version' | 'started_at' | 'stalled_after_ms'> & { readonly view: ViewName },
): Promise<void> => {
  await db.query(
    `insert into rebuilds (view, state, version, started_at, progressed_at, events_total, events_done, events_per_second, stalled_after_ms)
     values ($1, 'BUILDING', $2, $3, $3, 0, 0, 0, $4)
     on conflict (view) do update set state = 'BUILDING', version = $2, started_at = $3, progressed_at = $3,
       events_total = 0, events_done = 0, events_per_second = 0, detail = null, report = null, stalled_after_ms = $4`,
    [begun.view, begun.version, begun.started_at, begun.stalled_after_ms],
  );
};

export const noteState = async (
  db: Pool | ClientBase,
  view: ViewName,
  state: RebuildState,
  more: { readonly detail?: string; readonly report?: unknown } = {},
): Promise<void> => {
  await db.query(
    `update rebuilds set state = $2, detail = $3, report = coalesce($4::jsonb, report) where view = $1`,
    [view, state, more.detail ?? null, more.report === undefined ? null : JSON.stringify(more.report)],
  );
};

export const noteProgress = async (
  db: Pool,
  view: ViewName,
  progress: Pick<
    RebuildRow,
    'events_total' | 'events_done' | 'events_per_second' | 'progressed_at' | 'detail' | 'stalled_after_ms'
  >,
): Promise<void> => {
  await db.query(
    `update rebuilds set events_total = $2, events_done = $3, events_per_second = $4, progressed_at = $5, detail = $6,
       stalled_after_ms = $7 where view = $1`,
    [
      view,
      progress.events_total,
      progress.events_done,
      progress.events_per_second,
      progress.progressed_at,
      progress.detail,
      progress.stalled_after_ms,
    ],
  );
};

export const forgetRebuild = async (db: ClientBase, view: ViewName): Promise<void> => {
  await db.query('delete from rebuilds where view = $1', [view]);
};

/** The version of a view's tables in a schema; `undefined` when none stand there. */
export const versionIn = async (
  db: Pool | ClientBase,
  view: ViewName,
  schema: ViewSchema,
): Promise<number | undefined> => {
  const { rows } = await db.query<{ version: number }>(
    'select version from view_generations where view = $1 and schema = $2',
    [view, schema],
  );
  return rows[0]?.version;
};

/**
 * Runs `work` as the only one that rebuilds this view. `busy` at once when somebody else does. The lock is of a
 * session: it ends with the process, however that ends.
 */
export const asOnlyRebuilder = async <T>(
  pool: Pool,
  view: ViewName,
  work: (client: PoolClient) => Promise<T>,
): Promise<{ readonly kind: 'busy' } | { readonly kind: 'done'; readonly value: T }> => {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock($1, $2) as locked',
      [rebuildLockClass, rebuildLockOf[view]],
    );
    if (rows[0]?.locked !== true) return { kind: 'busy' };
    const value = await work(client);
    // Ending the session frees the lock too, but only when the server notices: the next command may come before that.
    await client.query('select pg_advisory_unlock($1, $2)', [rebuildLockClass, rebuildLockOf[view]]);
    return { kind: 'done', value };
  } finally {
    client.release(true);
  }
};

/** Whether somebody holds the view's lock now. */
export const isBeingRebuilt = async (pool: Pool, view: ViewName): Promise<boolean> => {
  const { rowCount } = await pool.query(
    `select from pg_locks where locktype = 'advisory' and classid = $1 and objid = $2 and granted
      and database = (select oid from pg_database where datname = current_database())`,
    [rebuildLockClass, rebuildLockOf[view]],
  );
  return (rowCount ?? 0) > 0;
};
