import type { Pool } from 'pg';
import { rebuildLockClass, rebuildLockOf } from '../migrations/rebuilds/rebuild-lock';
import { shownState } from '../migrations/rebuilds/stalled';
import type { RebuildRow } from '../migrations/tables';
import type { ViewName } from '../migrations/views/view-shape';

/** How far the rebuild of a view is, for whoever watches. */
export interface RebuildFigures {
  readonly view: ViewName;
  readonly live_version: number | null;
  /** `NONE`: there is no rebuild. `STALLED`: BUILDING, and no event folded for as long as its builder bears. Else the rebuild's own state. */
  readonly state: string;
  /** Somebody holds the view's lock: a command is at work now. */
  readonly is_at_work: boolean;
  readonly events_done: number;
  readonly events_total: number;
  readonly events_per_second: number;
  /** Null while there is no rate to judge by, and when nothing is being built. */
  readonly eta_seconds: number | null;
  readonly last_progress_at: string | null;
  /** What keeps it from going on. */
  readonly trouble: string | null;
}

type Noted = keyof Omit<RebuildRow, 'view' | 'version' | 'started_at' | 'report'>;

/** What is joined is null in a view that nobody has ever rebuilt. */
type Joined = {
  readonly [K in Noted]: RebuildRow[K] | null;
} & {
  readonly view: ViewName;
  readonly live_version: number | null;
  readonly is_at_work: boolean;
};

const wasRebuilt = (row: Joined): row is Joined & Pick<RebuildRow, Noted> => row.state !== null;

const toFigures = (row: Joined, nowMs: number): RebuildFigures => {
  const [done, total] = [row.events_done ?? 0, row.events_total ?? 0];
  const rate = row.events_per_second ?? 0;
  const left = Math.max(0, total - done);
  return {
    view: row.view,
    live_version: row.live_version,
    state: wasRebuilt(row) ? shownState(row, nowMs) : 'NONE',
    is_at_work: row.is_at_work,
    events_done: done,
    events_total: total,
    events_per_second: rate,
    eta_seconds: row.state === 'BUILDING' && rate > 0 ? Math.ceil(left / rate) : null,
    last_progress_at: row.progressed_at === null ? null : new Date(row.progressed_at).toISOString(),
    trouble: row.detail,
  };
};

/** One for each view, in the order of their locks. @param nowMs milliseconds since 1970 */
export const readRebuildFigures = async (db: Pool, nowMs: number): Promise<readonly RebuildFigures[]> => {
  const views = Object.entries(rebuildLockOf);
  const { rows } = await db.query<Joined>({
    name: 'rebuild-figures',
    text: `select asked.view, g.version as live_version, r.state, r.progressed_at, r.events_total, r.events_done, r.events_per_second, r.detail, r.stalled_after_ms,
        exists (select from pg_locks where locktype = 'advisory' and classid = $3 and objid = asked.lock and granted
          and database = (select oid from pg_database where datname = current_database())) as is_at_work
      from unnest($1::text[], $2::int[]) as asked(view, lock)
      left join view_generations g on g.view = asked.view and g.schema = 'views'
      left join rebuilds r on r.view = asked.view
      order by asked.lock`,
    values: [views.map(([view]) => view), views.map(([, lock]) => lock), rebuildLockClass],
  });
  return rows.map((row) => toFigures(row, nowMs));
};
