import { ConfigError } from '../chassis/config';
import { pause } from '../chassis/deadline';
import { createLog, type Log } from '../chassis/log';
import { createPool } from '../chassis/postgres';
import { readConfig } from './config';
import { migrate } from './migrate';
import { databaseVersion } from './require-version';

/**
 * The deploy step of the read model: `up` migrates, `status` says where the database stands and changes nothing.
 * Exit codes: 0 done or up to date, 1 failed, 2 `status`: behind, 64 wrong call, 75 no answer in time, 78 bad environment.
 */
const exitCodes = { done: 0, failed: 1, behind: 2, usage: 64, unavailable: 75, config: 78 } as const;
type Exit = keyof typeof exitCodes;

/** A migration may rewrite a table of millions. */
const statementTimeoutMs = 600_000;

type Connection = ReturnType<typeof createPool>;

const answers = async (pool: Connection, waitMs: number, log: Log): Promise<boolean> => {
  const endsAtMs = performance.now() + waitMs;
  for (let told = false; ; told = true) {
    const version = await databaseVersion(pool);
    if (version.kind !== 'unreachable') return true;
    if (performance.now() > endsAtMs) {
      log.error('PostgreSQL does not answer', { event: 'migrate_unavailable', error: version.error });
      return false;
    }
    if (!told) log.info('waiting for PostgreSQL', { event: 'migrate_wait', error: version.error });
    await pause(500);
  }
};

const up = async (pool: Connection, waitMs: number, log: Log): Promise<Exit> => {
  const migrated = await migrate(pool, { log, lockWaitMs: waitMs });
  switch (migrated.kind) {
    case 'done': {
      const what = migrated.applied.length === 0 ? 'nothing to do' : migrated.applied.join(', ');
      log.info(`the database is up to date: ${what}`, { event: 'migrated' });
      for (const note of migrated.views) log.warn(note, { event: 'view_outdated' });
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

const status = async (pool: Connection, log: Log): Promise<Exit> => {
  const version = await databaseVersion(pool);
  log.info(`the database is ${version.kind}`, { event: 'migrate_status', ...version });
  return version.kind === 'ready' ? 'done' : 'behind';
};

const run = async (command: string | undefined): Promise<Exit> => {
  if (command !== 'up' && command !== 'status') {
    process.stderr.write('usage: node dist/migrations/main.js up|status\n');
    return 'usage';
  }
  const config = readConfig(process.env);
  const log = createLog('migrations', config.LOG_LEVEL);
  const pool = createPool(
    { url: config.DATABASE_URL, applicationName: 'migrations', connectionsMax: 3, statementTimeoutMs },
    log,
  );
  try {
    if (!(await answers(pool, config.DATABASE_WAIT, log))) return 'unavailable';
    return command === 'up' ? await up(pool, config.DATABASE_WAIT, log) : await status(pool, log);
  } finally {
    await pool.end();
  }
};

run(process.argv[2]).then(
  (exit) => {
    process.exitCode = exitCodes[exit];
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof ConfigError ? exitCodes.config : exitCodes.failed;
  },
);
