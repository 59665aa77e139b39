"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readRebuildFigures = void 0;
const rebuild_lock_1 = require("../migrations/rebuilds/rebuild-lock");
const stalled_1 = require("../migrations/rebuilds/stalled");
const wasRebuilt = (row) => row.state !== null;
const toFigures = (row, nowMs) => {
    const [done, total] = [row.events_done ?? 0, row.events_total ?? 0];
    const rate = row.events_per_second ?? 0;
    const left = Math.max(0, total - done);
    return {
        view: row.view,
        live_version: row.live_version,
        state: wasRebuilt(row) ? (0, stalled_1.shownState)(row, nowMs) : 'NONE',
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
const readRebuildFigures = async (db, nowMs) => {
    const views = Object.entries(rebuild_lock_1.rebuildLockOf);
    const { rows } = await db.query({
        name: 'rebuild-figures',
        text: `select asked.view, g.version as live_version, r.state, r.progressed_at, r.events_total, r.events_done, r.events_per_second, r.detail, r.stalled_after_ms,
        exists (select from pg_locks where locktype = 'advisory' and classid = $3 and objid = asked.lock and granted
          and database = (select oid from pg_database where datname = current_database())) as is_at_work
      from unnest($1::text[], $2::int[]) as asked(view, lock)
      left join view_generations g on g.view = asked.view and g.schema = 'views'
      left join rebuilds r on r.view = asked.view
      order by asked.lock`,
        values: [views.map(([view]) => view), views.map(([, lock]) => lock), rebuild_lock_1.rebuildLockClass],
    });
    return rows.map((row) => toFigures(row, nowMs));
};
exports.readRebuildFigures = readRebuildFigures;
//# sourceMappingURL=rebuild-figures.js.map