import type { Pool } from 'pg';
import { eventually } from '../tests/support/eventually';
import { silentLog, type Log } from './log';
import { createPool } from './postgres';

const pools: Pool[] = [];
const open = (log: Log = silentLog, statementTimeoutMs?: number, avoidsScans = false): Pool => {
  const pool = createPool(
    {
      url: process.env['DATABASE_URL'] ?? '',
      applicationName: 'chassis-test',
      connectionsMax: 2,
      avoidsScans,
      ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
    },
    log,
  );
  pools.push(pool);
  return pool;
};

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
});

describe('a PostgreSQL pool of the chassis', () => {
  it('ends a statement that runs too long', async () => {
    await expect(open(silentLog, 100).query('SELECT pg_sleep(30)')).rejects.toThrow(/statement timeout/);
  });

  it('ends a wait for a lock', async () => {
    const pool = open();
    const [holder, waiter] = [await pool.connect(), await pool.connect()];
    await holder.query('BEGIN; SELECT pg_advisory_xact_lock(726001)');
    await expect(waiter.query('SELECT pg_advisory_xact_lock(726001)')).rejects.toThrow(/lock timeout/);
    await holder.query('ROLLBACK');
    holder.release();
    waiter.release();
  });

  it('survives the loss of an idle connection and says so', async () => {
    const warnings: string[] = [];
    const pool = open({ ...silentLog, warn: (message) => void warnings.push(message) });
    const found = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await open().query('SELECT pg_terminate_backend($1)', [found.rows[0]?.pid]);
    await eventually(() => expect(warnings).toContain('postgres connection lost'));
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('reads bigint as a number while that is exact, and as text beyond', async () => {
    const { rows } = await open().query('SELECT 7::bigint AS small, 9007199254740993::bigint AS large');
    expect(rows).toEqual([{ small: 7, large: '9007199254740993' }]);
  });

  it('plans no scan where rows are found by key, however small the table was', async () => {
    const plan = async (avoidsScans: boolean): Promise<string> => {
      const client = await open(silentLog, undefined, avoidsScans).connect();
      await client.query('create temporary table few (id int primary key)');
      await client.query('insert into few values (1); analyze few');
      const { rows } = await client.query<Record<string, string>>(
        'explain select id from few where id = any($1)',
        [[1]],
      );
      client.release();
      return rows.map((row) => row['QUERY PLAN']).join(' ');
    };
    expect(await plan(false)).toContain('Seq Scan');
    expect(await plan(true)).toContain('Index');
  });

  it('compiles no statement for the cost of a scan that nothing but a scan can do', async () => {
    const { rows } = await open(silentLog, undefined, true).query('show jit');
    expect(rows).toEqual([{ jit: 'off' }]);
  });
});
