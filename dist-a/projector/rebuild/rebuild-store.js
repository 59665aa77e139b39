"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.isBeingRebuilt = exports.asOnlyRebuilder = exports.versionIn = exports.forgetRebuild = exports.noteProgress = exports.noteState = exports.beginRebuild = exports.findRebuild = void 0;
const rebuild_lock_1 = require("../../migrations/rebuilds/rebuild-lock");
const findRebuild = async (db, view) => {
    const { rows } = await db.query('select * from rebuilds where view = $1', [view]);
    return rows[0];
};
exports.findRebuild = findRebuild;
const beginRebuild = async (db, begun) => {
    await db.query(`insert into rebuilds (view, state, version, started_at, progressed_at, events_total, events_done, events_per_second, stalled_after_ms)
     values ($1, 'BUILDING', $2, $3, $3, 0, 0, 0, $4)
     on conflict (view) do update set state = 'BUILDING', version = $2, started_at = $3, progressed_at = $3,
       events_total = 0, events_done = 0, events_per_second = 0, detail = null, report = null, stalled_after_ms = $4`, [begun.view, begun.version, begun.started_at, begun.stalled_after_ms]);
};
exports.beginRebuild = beginRebuild;
const noteState = async (db, view, state, more = {}) => {
    await db.query(`update rebuilds set state = $2, detail = $3, report = coalesce($4::jsonb, report) where view = $1`, [view, state, more.detail ?? null, more.report === undefined ? null : JSON.stringify(more.report)]);
};
exports.noteState = noteState;
const noteProgress = async (db, view, progress) => {
    await db.query(`update rebuilds set events_total = $2, events_done = $3, events_per_second = $4, progressed_at = $5, detail = $6,
       stalled_after_ms = $7 where view = $1`, [
        view,
        progress.events_total,
        progress.events_done,
        progress.events_per_second,
        progress.progressed_at,
        progress.detail,
        progress.stalled_after_ms,
    ]);
};
exports.noteProgress = noteProgress;
const forgetRebuild = async (db, view) => {
    await db.query('delete from rebuilds where view = $1', [view]);
};
exports.forgetRebuild = forgetRebuild;
/** The version of a view's tables in a schema; `undefined` when none stand there. */
const versionIn = async (db, view, schema) => {
    const { rows } = await db.query('select version from view_generations where view = $1 and schema = $2', [view, schema]);
    return rows[0]?.version;
};
exports.versionIn = versionIn;
/**
 * Runs `work` as the only one that rebuilds this view. `busy` at once when somebody else does. The lock is of a
 * session: it ends with the process, however that ends.
 */
const asOnlyRebuilder = async (pool, view, work) => {
    const client = await pool.connect();
    try {
        const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as locked', [rebuild_lock_1.rebuildLockClass, rebuild_lock_1.rebuildLockOf[view]]);
        if (rows[0]?.locked !== true)
            return { kind: 'busy' };
        const value = await work(client);
        // Ending the session frees the lock too, but only when the server notices: the next command may come before that.
        await client.query('select pg_advisory_unlock($1, $2)', [rebuild_lock_1.rebuildLockClass, rebuild_lock_1.rebuildLockOf[view]]);
        return { kind: 'done', value };
    }
    finally {
        client.release(true);
    }
};
exports.asOnlyRebuilder = asOnlyRebuilder;
/** Whether somebody holds the view's lock now. */
const isBeingRebuilt = async (pool, view) => {
    const { rowCount } = await pool.query(`select from pg_locks where locktype = 'advisory' and classid = $1 and objid = $2 and granted
      and database = (select oid from pg_database where datname = current_database())`, [rebuild_lock_1.rebuildLockClass, rebuild_lock_1.rebuildLockOf[view]]);
    return (rowCount ?? 0) > 0;
};
exports.isBeingRebuilt = isBeingRebuilt;
//# sourceMappingURL=rebuild-store.js.map