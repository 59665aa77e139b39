import { createDatabase, type TestDatabase } from '../tests/support/database';
import { listTotals } from './order-queries';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  // 3,000 seconds of a sale: an order of two units accepted each second, and every third one completed.
  await database.pool.query(
    `insert into views.order_totals (second, status, partition, orders, units)
     select s, 'ACCEPTED', 0, 1, 2 from generate_series(1, 3000) s
     union all select s, 'COMPLETED', 0, 1, 2 from generate_series(3, 3000, 3) s`,
  );
});
afterAll(() => database.drop());

const totals = (stepSeconds: number, toMs = 10_000_000) =>
  listTotals(database.pool, { fromMs: 0, toMs, stepSeconds });

describe('totals over time', () => {
  it('are summed by step and status, oldest first', async () => {
    const buckets = await totals(1_500, 3_000_000);
    expect(buckets).toEqual([
      { at: '1970-01-01T00:00:00.000Z', statuses: { ACCEPTED: of(1_499), COMPLETED: of(499) } },
      { at: '1970-01-01T00:25:00.000Z', statuses: { ACCEPTED: of(1_500), COMPLETED: of(500) } },
      { at: '1970-01-01T00:50:00.000Z', statuses: { ACCEPTED: of(1), COMPLETED: of(1) } },
    ]);
  });

  it('are the newest 2,000 steps of a range that has more', async () => {
    const buckets = await totals(1);
    expect(buckets).toHaveLength(2_000);
    expect(buckets[0]?.at).toBe(new Date(1_001_000).toISOString());
    expect(buckets.at(-1)).toEqual({
      at: new Date(3_000_000).toISOString(),
      statuses: { ACCEPTED: of(1), COMPLETED: of(1) },
    });
  });

  it('reach back 2,000 steps from the newest one, however long nothing happened before it', async () => {
    await database.pool.query(`insert into views.order_totals values (9000, 'ACCEPTED', 0, 1, 2)`);
    expect(await totals(1)).toEqual([
      { at: new Date(9_000_000).toISOString(), statuses: { ACCEPTED: of(1) } },
    ]);
    expect(await totals(4)).toHaveLength(1 + 2_000 - (9_000 - 3_000) / 4);
  });
});

const of = (orders: number) => ({ orders, units: orders * 2 });
