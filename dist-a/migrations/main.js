"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const config_1 = require("../chassis/config");
const deadline_1 = require("../chassis/deadline");
const log_1 = require("../chassis/log");
const postgres_1 = require("../chassis/postgres");
const config_2 = require("./config");
const migrate_1 = require("./migrate");
const require_version_1 = require("./require-version");
/**
 * The deploy step of the read model: `up` migrates, `status` says where the database stands and changes nothing.
 * Exit codes: 0 done or up to date, 1 failed, 2 `status`: behind, 64 wrong call, 75 no answer in time, 78 bad environment.
 */
const exitCodes = { done: 0, failed: 1, behind: 2, usage: 64, unavailable: 75, config: 78 };
/** A migration may rewrite a table of millions. */
const statementTimeoutMs = 600_000;
const answers = async (pool, waitMs, log) => {
    const endsAtMs = performance.now() + waitMs;
    for (let told = false;; told = true) {
        const version = await (0, require_version_1.databaseVersion)(pool);
        if (version.kind !== 'unreachable')
            return true;
        if (performance.now() > endsAtMs) {
            log.error('PostgreSQL does not answer', { event: 'migrate_unavailable', error: version.error });
            return false;
        }
        if (!told)
            log.info('waiting for PostgreSQL', { event: 'migrate_wait', error: version.error });
        await (0, deadline_1.pause)(500);
    }
};
const up = async (pool, waitMs, log) => {
    const migrated = await (0, migrate_1.migrate)(pool, { log, lockWaitMs: waitMs });
    switch (migrated.kind) {
        case 'done': {
            const what = migrated.applied.length === 0 ? 'nothing to do' : migrated.applied.join(', ');
            log.info(`the database is up to date: ${what}`, { event: 'migrated' });
            for (const note of migrated.views)
                log.warn(note, { event: 'view_outdated' });
            return 'done';
        }
        case 'busy':
            log.error('another deploy step held the lock all the time', { event: 'migrate_busy' });
            return 'unavailable';
        case 'failed':
            log.error(`migration ${migrated.migration} failed; none was applied`, {
                event: 'migrate_failed',
                error: migrated.error,
            });
            return 'failed';
    }
};
const status = async (pool, log) => {
    const version = await (0, require_version_1.databaseVersion)(pool);
    log.info(`the database is ${version.kind}`, { event: 'migrate_status', ...version });
    return version.kind === 'ready' ? 'done' : 'behind';
};
const run = async (command) => {
    if (command !== 'up' && command !== 'status') {
        process.stderr.write('usage: node dist/migrations/main.js up|status\n');
        return 'usage';
    }
    const config = (0, config_2.readConfig)(process.env);
    const log = (0, log_1.createLog)('migrations', config.LOG_LEVEL);
    const pool = (0, postgres_1.createPool)({ url: config.DATABASE_URL, applicationName: 'migrations', connectionsMax: 3, statementTimeoutMs }, log);
    try {
        if (!(await answers(pool, config.DATABASE_WAIT, log)))
            return 'unavailable';
        return command === 'up' ? await up(pool, config.DATABASE_WAIT, log) : await status(pool, log);
    }
    finally {
        await pool.end();
    }
};
run(process.argv[2]).then((exit) => {
    process.exitCode = exitCodes[exit];
}, (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof config_1.ConfigError ? exitCodes.config : exitCodes.failed;
});
//# sourceMappingURL=main.js.map