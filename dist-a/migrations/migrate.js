"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.migrate = exports.migrationTable = void 0;
const kysely_1 = require("kysely");
const deadline_1 = require("../chassis/deadline");
const migrations_1 = require("./migrations");
const ensure_views_1 = require("./ensure-views");
exports.migrationTable = 'schema_migrations';
/** One lock for all deploy steps of a database; the number is arbitrary and must never change. */
const lockKey = 7_190_044_871;
const lockRetryMs = 250;
const lock = async (client, withinMs, log) => {
    const endsAtMs = performance.now() + withinMs;
    let told = false;
    for (;;) {
        const { rows } = await client.query('select pg_try_advisory_lock($1) as locked', [
            lockKey,
        ]);
        if (rows[0]?.locked)
            return true;
        if (performance.now() > endsAtMs)
            return false;
        if (!told)
            log.info('another deploy step is migrating: waiting for it', { event: 'migrate_wait' });
        told = true;
        await (0, deadline_1.pause)(lockRetryMs);
    }
};
const toError = (error) => (error instanceof Error ? error : new Error(String(error)));
const apply = async (pool, all) => {
    const db = new kysely_1.Kysely({ dialect: new kysely_1.PostgresDialect({ pool }) });
    const migrator = new kysely_1.Migrator({
        db,
        provider: { getMigrations: async () => ({ ...all }) },
        migrationTableName: exports.migrationTable,
        migrationLockTableName: `${exports.migrationTable}_lock`,
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
const migrate = async (pool, options) => {
    const client = await pool.connect();
    try {
        if (!(await lock(client, options.lockWaitMs, options.log)))
            return { kind: 'busy' };
        const migrated = await apply(pool, options.migrations ?? migrations_1.migrations);
        if (migrated.kind !== 'done')
            return migrated;
        return { ...migrated, views: await (0, ensure_views_1.ensureViews)(client) };
    }
    finally {
        // Ending the session frees the lock also when the connection is in an unknown state.
        client.release(true);
    }
};
exports.migrate = migrate;
//# sourceMappingURL=migrate.js.map