import type { LogRecord } from '../chassis/kafka/log';
import { createDatabase, type TestDatabase } from '../tests/support/database';
import { listBusiestItems } from './item-queries';
import { readSaleTotals } from './sale-totals';
import { itemsMax, readViewFigures } from './view-figures';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.drop();
});
beforeEach(async () => {
  await database.pool.query(
    'truncate views.orders, views.item_stock, views.item_sales, views.dead_letters, views.letter_actions',
  );
});

const nowMs = 1_000_000_000;

const stock = (item: string, stocked: number) =>
  database.pool.query('insert into views.item_stock (item_id, stocked, adjusted_at) values ($1, $2, 0)', [
    item,
    stocked,
  ]);

const sell = (item: string, partition: number, sold: number, pending = 0) =>
  database.pool.query(`insert into views.item_sales values ($1, 'order-requests', $2, $3, $4, $3, $4, 0)`, [
    item,
    partition,
    pending,
    sold,
  ]);

const order = (id: string, status: string, appendedAtMs: number) =>
  database.pool.query(
    `insert into views.orders (request_id, status, correlation_id, request_appended_at) values ($1, $2, 'c', $3)`,
    [id, status, appendedAtMs],
  );

const letter = ({ offset, appendedAtMs }: Pick<LogRecord, 'offset' | 'appendedAtMs'>) =>
  database.pool.query(
    `insert into views.dead_letters (source_topic, source_partition, source_offset, partition, "offset", headers, reason,
      detail, consumer, attempts, correlation_id, failed_at, parked_at, group_id, copies)
      values ('t', 0, $1, 0, $1, '{}', 'r', '', 'saga', 1, 'c', $2, $2, 'g', 1)`,
    [offset, appendedAtMs],
  );

const figures = () => readViewFigures(database.pool, nowMs);

describe('the figures of the views', () => {
  it('are zero when there is nothing', async () => {
    expect(await figures()).toEqual({
      deadLetters: 0,
      lettersByState: [],
      oldestDeadLetterMs: 0,
      overdueOrders: 0,
      oversoldUnits: 0,
      itemsLow: 0,
      unitsLeft: [],
    });
  });

  it('count orders that are pending for over a minute, and no others', async () => {
    await sell('shoe', 0, 0, 2);
    await order('late', 'PENDING', nowMs - 60_001);
    await order('early', 'PENDING', nowMs - 59_000);
    await order('decided', 'COMPLETED', nowMs - 900_000);
    expect(await figures()).toMatchObject({ overdueOrders: 1 });
  });

  it('sum an item’s sales over its partitions, and show the least left first', async () => {
    await stock('shoe', 100);
    await sell('shoe', 0, 40);
    await sell('shoe', 1, 51);
    await stock('hat', 5);
    await stock('gone', 3);
    await sell('gone', 0, 3);
    expect(await figures()).toMatchObject({
      oversoldUnits: 0,
      itemsLow: 2,
      unitsLeft: [
        { item: 'gone', units: 0 },
        { item: 'hat', units: 5 },
        { item: 'shoe', units: 9 },
      ],
    });
  });

  it('count units sold beyond the stock, and not those of an item whose stock is not in the view yet', async () => {
    await stock('shoe', 10);
    await sell('shoe', 0, 12);
    await sell('unseen', 0, 5);
    expect(await figures()).toMatchObject({ oversoldUnits: 2, itemsLow: 0 });
  });

  it('find one oversale among more items than a page shows, and list that item first, then what is being sold', async () => {
    for (let item = 0; item < 12; item += 1) await stock(`item-${item}`, 100 + item);
    await stock('zebra', 1);
    await sell('zebra', 0, 1);
    await sell('zebra', 1, 1, 3);
    await sell('item-5', 0, 10, 7);
    await sell('unseen', 0, 5);
    expect(await readSaleTotals(database.pool)).toEqual({ oversoldUnits: 1, itemsLow: 0, openOrders: 10 });
    const items = await listBusiestItems(database.pool, 4, nowMs);
    expect(items.map(({ item_id: id, shortfall }) => [id, shortfall])).toEqual([
      ['zebra', 1],
      ['item-5', 0],
      ['item-0', 0],
      ['item-1', 0],
    ]);
    const all = await listBusiestItems(database.pool, 100, nowMs);
    expect(all.at(-1)).toMatchObject({ item_id: 'unseen', sold: 5, shortfall: 0 });
  });

  it('show a bounded number of items', async () => {
    for (let item = 0; item < itemsMax + 5; item += 1) await stock(`item-${item}`, 1_000 + item);
    expect((await figures()).unitsLeft).toHaveLength(itemsMax);
  });

  it('count open dead letters and tell the age of the oldest; what is dealt with is counted apart', async () => {
    await letter({ offset: 7, appendedAtMs: nowMs - 5_000 });
    await letter({ offset: 8, appendedAtMs: nowMs - 90_000 });
    await letter({ offset: 9, appendedAtMs: nowMs - 200_000 });
    await database.pool.query(
      `insert into views.letter_actions (source_topic, source_partition, source_offset, command_id, effect, acted_at, "offset")
        values ('t', 0, 9, 'c', 'DISCARDED', 1, 1)`,
    );
    expect(await figures()).toMatchObject({
      deadLetters: 2,
      oldestDeadLetterMs: 90_000,
      lettersByState: [
        { state: 'PARKED', reason: 'r', letters: 2 },
        { state: 'DISCARDED', reason: 'r', letters: 1 },
      ],
    });
  });
});
