import { silentLog } from '../chassis/log';
import { createDatabase, poolOf, type TestDatabase } from '../tests/support/database';
import { migrate } from './migrate';
import { migrations, versionNeeded } from './migrations';
import { databaseVersion, requireDatabaseVersion } from './require-version';
import { viewsToday } from './views/today';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase({ migrated: false });
});
afterEach(async () => {
  await database.drop();
});

const options = { log: silentLog, lockWaitMs: 10_000 };
const first = Object.fromEntries(Object.entries(migrations).slice(0, 1));

const columns = async (schema: string): Promise<readonly unknown[]> => {
  const { rows } = await database.pool.query<Record<string, string>>(
    `select table_name, column_name, data_type, is_nullable from information_schema.columns
     where table_schema = $1 order by table_name, ordinal_position`,
    [schema],
  );
  return rows;
};

const indexes = async (schema: string): Promise<readonly string[]> => {
  const { rows } = await database.pool.query<{ definition: string }>(
    `select indexdef as definition from pg_indexes where schemaname = $1 order by indexname`,
    [schema],
  );
  return rows.map(({ definition }) => definition.replace(` ON ${schema}.`, ' ON '));
};

describe('the migrations', () => {
  it('bring an empty database to the version that services need', async () => {
    expect(await databaseVersion(database.pool)).toMatchObject({ kind: 'behind', found: 'none' });
    expect(await migrate(database.pool, options)).toEqual({
      kind: 'done',
      applied: Object.keys(migrations),
      views: [],
    });
    expect(await databaseVersion(database.pool)).toEqual({ kind: 'ready' });
  });

  it('do nothing when they have run', async () => {
    await migrate(database.pool, options);
    expect(await migrate(database.pool, options)).toEqual({ kind: 'done', applied: [], views: [] });
  });

  it('keep the data of an old database', async () => {
    await migrate(database.pool, { ...options, migrations: first });
    await database.pool.query(
      `insert into views.orders (request_id, status, correlation_id) values ('kept', 'PENDING', 'c')`,
    );
    await database.pool.query(
      `insert into views.order_offsets (topic, partition, next, voided, undecodable) values ('t', 0, 7, 0, 0)`,
    );
    expect(await databaseVersion(database.pool)).toMatchObject({ kind: 'behind', needed: versionNeeded });
    expect(await migrate(database.pool, options)).toMatchObject({ kind: 'done' });
    const { rows } = await database.pool.query('select request_id from views.orders');
    expect(rows).toEqual([{ request_id: 'kept' }]);
    await database.pool.query('select from rebuilds');
  });

  it('run once when two deploy steps start together', async () => {
    const other = poolOf(database.url);
    const results = await Promise.all([migrate(database.pool, options), migrate(other, options)]);
    await other.end();
    const applied = results.map((result) => (result.kind === 'done' ? result.applied.length : -1));
    expect(applied.toSorted((a, b) => a - b)).toEqual([0, Object.keys(migrations).length]);
  });

  it('apply all or nothing', async () => {
    const broken = {
      ...migrations,
      '9999-broken': {
        up: async () => {
          throw new Error('no');
        },
      },
    };
    expect(await migrate(database.pool, { ...options, migrations: broken })).toMatchObject({
      kind: 'failed',
      migration: '9999-broken',
    });
    expect(await databaseVersion(database.pool)).toMatchObject({ kind: 'behind', found: 'none' });
  });

  it('leave a view with events in it as it is, and say how to rebuild it', async () => {
    await migrate(database.pool, options);
    await database.pool.query(
      `insert into views.order_offsets (topic, partition, next, voided, undecodable) values ('t', 0, 7, 0, 0)`,
    );
    await database.pool.query(`update view_generations set version = 0`);
    const migrated = await migrate(database.pool, options);
    expect(migrated).toMatchObject({
      kind: 'done',
      views: [expect.stringContaining('VIEW=orders') as unknown],
    });
    const { rows } = await database.pool.query<{ view: string; version: number }>(
      'select view, version from view_generations order by view',
    );
    expect(rows).toEqual([
      { view: 'dead-letters', version: viewsToday['dead-letters'].version },
      { view: 'items', version: viewsToday.items.version },
      { view: 'orders', version: 0 },
    ]);
  });

  it('make the tables that a rebuild makes', async () => {
    await migrate(database.pool, options);
    for (const shape of Object.values(viewsToday)) {
      const statements = [...shape.create('views_next'), ...shape.createIndexes('views_next')];
      for (const statement of statements) await database.pool.query(statement);
    }
    expect(await columns('views_next')).toEqual(await columns('views'));
    expect(await indexes('views_next')).toEqual(await indexes('views'));
    expect((await indexes('views')).join()).toContain('orders_pending');
    expect((await indexes('views')).join()).toContain('dead_letters_by_key');
  });
});

describe('a service that starts before the migrations', () => {
  it('waits for them', async () => {
    const ready = requireDatabaseVersion(database.pool, { log: silentLog, timeoutMs: 20_000 });
    await migrate(database.pool, options);
    await expect(ready).resolves.toBeUndefined();
  });

  it('gives up in time and says what it waited for', async () => {
    await expect(requireDatabaseVersion(database.pool, { log: silentLog, timeoutMs: 600 })).rejects.toThrow(
      `this release needs ${versionNeeded}`,
    );
  });
});
