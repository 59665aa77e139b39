import { rebuildLockClass, rebuildLockOf } from '../migrations/rebuilds/rebuild-lock';
import { createDatabase, type TestDatabase } from '../tests/support/database';
import { readRebuildFigures, type RebuildFigures } from './rebuild-figures';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.drop();
});
beforeEach(async () => {
  await database.pool.query('truncate rebuilds');
});

const nowMs = 1_800_000_000_000;

const note = (
  state: string,
  progressedAgoMs: number,
  [done, total, rate]: readonly [number, number, number],
) =>
  database.pool.query(
    `insert into rebuilds (view, state, version, started_at, progressed_at, events_total, events_done, events_per_second)
     values ('orders', $1, 1, $2, $2, $3, $4, $5)`,
    [state, nowMs - progressedAgoMs, total, done, rate],
  );

const ofOrders = async (): Promise<RebuildFigures | undefined> =>
  (await readRebuildFigures(database.pool, nowMs)).find(({ view }) => view === 'orders');

describe('the figures of rebuilds', () => {
  it('name every view, also those that nobody rebuilds', async () => {
    const all = await readRebuildFigures(database.pool, nowMs);
    expect(all.map(({ view, state }) => [view, state])).toEqual([
      ['orders', 'NONE'],
      ['items', 'NONE'],
      ['dead-letters', 'NONE'],
    ]);
    expect(all[0]).toMatchObject({ live_version: 1, is_at_work: false, eta_seconds: null });
  });

  it('say how far one is and how long it takes', async () => {
    await note('BUILDING', 100, [2_000, 10_000, 400]);
    expect(await ofOrders()).toMatchObject({ state: 'BUILDING', events_done: 2_000, eta_seconds: 20 });
  });

  it('call one STALLED that has events left and took no step for 30 s, the default', async () => {
    await note('BUILDING', 30_000, [2_000, 10_000, 0]);
    expect(await ofOrders()).toMatchObject({ state: 'STALLED', eta_seconds: null });
  });

  it('call one STALLED only after as long as its builder bears', async () => {
    await note('BUILDING', 59_000, [2_000, 10_000, 0]);
    await database.pool.query('update rebuilds set stalled_after_ms = 60000');
    expect(await ofOrders()).toMatchObject({ state: 'BUILDING' });
    await database.pool.query('update rebuilds set stalled_after_ms = 59000');
    expect(await ofOrders()).toMatchObject({ state: 'STALLED' });
  });

  it('do not call one stalled that is through', async () => {
    await note('BUILT', 90_000, [10_000, 10_000, 0]);
    expect(await ofOrders()).toMatchObject({ state: 'BUILT' });
  });

  it('know whether somebody is at work on it', async () => {
    const client = await database.pool.connect();
    try {
      await client.query('select pg_advisory_lock($1, $2)', [rebuildLockClass, rebuildLockOf.orders]);
      expect(await ofOrders()).toMatchObject({ is_at_work: true });
      const others = (await readRebuildFigures(database.pool, nowMs)).slice(1);
      expect(others.map(({ is_at_work }) => is_at_work)).toEqual([false, false]);
    } finally {
      client.release(true);
    }
  });
});
