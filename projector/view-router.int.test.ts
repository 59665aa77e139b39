import { createMetrics } from '../chassis/metrics';
import type { LogRecord } from '../chassis/kafka/log';
import { createDatabase, type TestDatabase } from '../tests/support/database';
import { testCodec, WrittenLog } from '../tests/views/written-log';
import { createProjectorMetrics } from './projector-metrics';
import { createViewRouter, type ViewRouter } from './view-router';

let database: TestDatabase;
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  await database.drop();
});

const routerOn = (): ViewRouter =>
  createViewRouter({
    pool: database.pool,
    codec: testCodec,
    metrics: createProjectorMetrics(createMetrics('test', '0')),
    report: async () => undefined,
  });

const request = (id: string, amount = 1) =>
  ({
    type: 'OrderRequested',
    request_id: id,
    user_id: 'ann',
    item_id: 'shoe',
    amount,
    requested_at: 1_000,
    sales_channel: null,
  }) as const;
const completed = (id: string, epoch = 0, amount = 1) =>
  ({
    type: 'OrderCompleted',
    request_id: id,
    user_id: 'ann',
    item_id: 'shoe',
    amount,
    epoch,
    payment_id: 'pay-1',
    completed_at: 2_000,
  }) as const;
const failed = (id: string, epoch = 0) =>
  ({
    type: 'OrderFailed',
    request_id: id,
    user_id: 'ann',
    item_id: 'shoe',
    amount: 1,
    epoch,
    reason: 'SOLD_OUT',
    failed_at: 2_000,
    detail: null,
  }) as const;

const statuses = async (): Promise<Record<string, string>> => {
  const { rows } = await database.pool.query<{ request_id: string; status: string }>(
    'select request_id, status from views.orders',
  );
  return Object.fromEntries(rows.map((row) => [row.request_id, row.status]));
};
const shoe = async (): Promise<unknown> => {
  const { rows } = await database.pool.query<Record<string, string>>(
    `select sum(pending_units)::int as pending, sum(sold_units)::int as sold, sum(failed_orders)::int as failed
     from views.item_sales where item_id = 'shoe'`,
  );
  return rows[0];
};

describe('the live views', () => {
  it('show an order from its request to its outcome', async () => {
    const router = routerOn();
    const log = new WrittenLog();
    await router.write([log.event('order-requests', 0, request('a', 3), 'a')]);
    expect(await statuses()).toEqual({ a: 'PENDING' });
    expect(await shoe()).toEqual({ pending: 3, sold: 0, failed: 0 });
    await router.write([log.event('order-outcomes', 0, completed('a', 0, 3), 'a')]);
    expect(await statuses()).toEqual({ a: 'COMPLETED' });
    expect(await shoe()).toEqual({ pending: 0, sold: 3, failed: 0 });
  });

  it('are the same when the outcome arrives before the request', async () => {
    const router = routerOn();
    const log = new WrittenLog();
    await router.write([log.event('order-outcomes', 0, completed('a'), 'a')]);
    await router.write([log.event('order-requests', 0, request('a'), 'a')]);
    expect(await statuses()).toEqual({ a: 'COMPLETED' });
    expect(await shoe()).toEqual({ pending: 0, sold: 1, failed: 0 });
  });

  it('keep the first outcome and set the others aside', async () => {
    const router = routerOn();
    const log = new WrittenLog();
    await router.write([log.event('order-requests', 0, request('a'), 'a')]);
    await router.write([
      log.event('order-outcomes', 0, failed('a'), 'a'),
      log.event('order-outcomes', 0, completed('a'), 'a'),
    ]);
    await router.write([log.event('order-outcomes', 0, completed('a'), 'a')]);
    expect(await statuses()).toEqual({ a: 'FAILED_SOLD_OUT' });
    expect(await shoe()).toEqual({ pending: 0, sold: 0, failed: 1 });
    const { rows } = await database.pool.query(
      'select "offset", is_void from views.events_set_aside order by 1',
    );
    expect(rows).toEqual([
      { offset: 1, is_void: false },
      { offset: 2, is_void: false },
    ]);
  });

  it('count an outcome of an older epoch as void, also in a later batch', async () => {
    const router = routerOn();
    const log = new WrittenLog();
    await router.write([log.event('order-outcomes', 0, { type: 'EpochStarted', epoch: 5, started_at: 1 })]);
    await router.write([log.event('order-outcomes', 0, completed('a', 4), 'a')]);
    expect(await statuses()).toEqual({});
    await router.write([log.event('order-outcomes', 0, failed('a', 5), 'a')]);
    expect(await statuses()).toEqual({ a: 'FAILED_SOLD_OUT' });
  });

  it('skip what was folded before and go on behind it', async () => {
    const log = new WrittenLog();
    const records: LogRecord[] = ['a', 'b', 'c'].map((id) => log.event('order-requests', 0, request(id), id));
    await routerOn().write(records.slice(0, 2));
    const other = routerOn();
    expect(await other.next('order-requests', 0)).toBe(2);
    await other.write(records);
    expect(await statuses()).toEqual({ a: 'PENDING', b: 'PENDING', c: 'PENDING' });
    expect(await shoe()).toMatchObject({ pending: 3 });
  });

  it('do not ask for a cursor again that was asked for when the partition was assigned', async () => {
    const router = routerOn();
    const log = new WrittenLog();
    expect(await router.next('order-requests', 0)).toBe(0);
    const asked = jest.spyOn(database.pool, 'query');
    await router.write([log.event('order-requests', 0, request('a'), 'a')]);
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
    expect(await statuses()).toEqual({ a: 'PENDING' });
  });

  it('go on where another process has left a partition that comes back', async () => {
    const log = new WrittenLog();
    const [a, b, c] = ['a', 'b', 'c'].map((id) => log.event('order-requests', 0, request(id), id));
    const first = routerOn();
    await first.write([a!]);
    await routerOn().write([b!]);
    await first.write([c!]);
    expect(await statuses()).toEqual({ a: 'PENDING', b: 'PENDING', c: 'PENDING' });
  });

  it('refuse to go on behind a gap', async () => {
    const log = new WrittenLog();
    log.event('order-requests', 0, request('a'), 'a');
    const second = log.event('order-requests', 0, request('b'), 'b');
    await expect(routerOn().write([second])).rejects.toThrow('continues at 1, but the view waits for 0');
  });

  it('are written whole or not at all', async () => {
    const router = routerOn();
    const log = new WrittenLog();
    const record = log.event('order-requests', 0, request('a', 3), 'a');
    await database.pool.query('alter table views.item_sales add constraint few check (pending_units < 3)');
    await expect(router.write([record])).rejects.toThrow('few');
    expect(await statuses()).toEqual({});
    expect(await router.next('order-requests', 0)).toBe(0);
    await database.pool.query('alter table views.item_sales drop constraint few');
    await router.write([record]);
    expect(await statuses()).toEqual({ a: 'PENDING' });
  });

  it('say so when they have another shape, whatever their tables look like', async () => {
    await database.pool.query(`update view_generations set version = version + 1 where view = 'orders'`);
    await database.pool.query('alter table views.orders rename column user_id to buyer');
    const record = new WrittenLog().event('order-requests', 0, request('a'), 'a');
    await expect(routerOn().write([record])).rejects.toThrow('is not of version');
  });

  it('sum stock by command, once a command', async () => {
    const router = routerOn();
    const log = new WrittenLog();
    const stock = (command_id: string, delta: number) =>
      log.event(
        'stock-adjustments',
        1,
        {
          type: 'StockAdjusted',
          item_id: 'shoe',
          delta,
          reason: '',
          command_id,
          actor: 'op',
          adjusted_at: 1,
          expected_version: null,
        },
        'shoe',
      );
    await router.write([stock('one', 10), stock('one', 10), stock('two', -3)]);
    await router.write([stock('two', -3)]);
    const { rows } = await database.pool.query('select stocked, units_max from views.item_stock');
    expect(rows).toEqual([{ stocked: 7, units_max: null }]);
  });
});
