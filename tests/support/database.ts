import { randomBytes } from 'node:crypto';
import { Client, type Pool } from 'pg';
import { silentLog } from '../../chassis/log';
import { createPool } from '../../chassis/postgres';
import { migrate } from '../../migrations/migrate';

export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
  /** Closes the pool and drops the database, whoever is still connected. */
  drop(): Promise<void>;
}

const onServer = async (serverUrl: string, statement: string): Promise<void> => {
  const client = new Client({ connectionString: serverUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

export const poolOf = (url: string, connectionsMax = 5): Pool =>
  createPool({ url, applicationName: 'test', connectionsMax }, silentLog);

/** A database of its own on the server of the run, migrated unless asked otherwise. */
export const createDatabase = async (
  options: { readonly serverUrl?: string; readonly migrated?: boolean } = {},
): Promise<TestDatabase> => {
  const serverUrl = options.serverUrl ?? process.env['DATABASE_URL'];
  if (serverUrl === undefined) throw new Error('DATABASE_URL is not set: run this test with its servers');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pool = poolOf(url.href);
  if (options.migrated !== false) {
    const migrated = await migrate(pool, { log: silentLog, lockWaitMs: 10_000 });
    if (migrated.kind !== 'done') throw new Error(`cannot migrate ${name}: ${migrated.kind}`);
  }
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end();
      await onServer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
};
