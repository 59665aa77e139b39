"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.requireDatabaseVersion = exports.databaseVersion = void 0;
const deadline_1 = require("../chassis/deadline");
const migrate_1 = require("./migrate");
const migrations_1 = require("./migrations");
const undefinedTable = '42P01';
/** Whether the database has what this release needs. A newer one has. */
const databaseVersion = async (pool, needed = migrations_1.versionNeeded) => {
    try {
        const { rows } = await pool.query(`select name from ${migrate_1.migrationTable} order by name desc limit 1`);
        const found = rows[0]?.name ?? 'none';
        return rows[0] !== undefined && found >= needed ? { kind: 'ready' } : { kind: 'behind', found, needed };
    }
    catch (error) {
        const { code } = error;
        if (code === undefinedTable)
            return { kind: 'behind', found: 'none', needed };
        return { kind: 'unreachable', error: error instanceof Error ? error : new Error(String(error)) };
    }
};
exports.databaseVersion = databaseVersion;
const describe = (version) => version.kind === 'unreachable'
    ? `PostgreSQL does not answer (${version.error.message})`
    : `the database has migration ${version.found}, this release needs ${version.needed}: run the migrations (node dist/migrations/main.js up)`;
const retryMs = 500;
/**
 * Resolves once the deploy step has brought the database to the version this release needs; services call it when
 * they start. Says what it waits for when that changes.
 * @throws Error that says what was missing, after `timeoutMs` (default 60 s).
 */
const requireDatabaseVersion = async (pool, options) => {
    const timeoutMs = options.timeoutMs ?? 60_000;
    const endsAtMs = performance.now() + timeoutMs;
    let said = '';
    for (;;) {
        const version = await (0, exports.databaseVersion)(pool, options.needed);
        if (version.kind === 'ready')
            return;
        const missing = describe(version);
        if (performance.now() > endsAtMs)
            throw new Error(`Gave up after ${timeoutMs} ms: ${missing}`);
        if (missing !== said)
            options.log.info(`waiting: ${missing}`, { event: 'waiting_for_database' });
        said = missing;
        await (0, deadline_1.pause)(retryMs);
    }
};
exports.requireDatabaseVersion = requireDatabaseVersion;
//# sourceMappingURL=require-version.js.map