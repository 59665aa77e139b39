import { createMetrics } from '../chassis/metrics';
import { createProjectorMetrics } from '../projector/projector-metrics';
import { createViewRouter } from '../projector/view-router';
import { assembleCodec } from '../schemas/assemble-codec';
import type { EventCodec } from '../schemas/codec';
import type { OrderRequested } from '../schemas/events';
import { readHistory, type SchemaHistory, type SchemaVersion } from '../schemas/history';
import { ourSchemas } from '../schemas/known-ids';
import { topics } from '../schemas/topics';
import { createDatabase } from './support/database';
import { WrittenLog } from './views/written-log';

const history = readHistory();
const [v1, v2] = history.OrderRequested as readonly [SchemaVersion, SchemaVersion];

/** A version still to come: what a newer release writes while this one runs. */
const v3: SchemaVersion = (() => {
  const record = v2.schema as { fields: object[] };
  const field = { name: 'a_field_of_version_3', type: ['null', 'string'], default: null };
  const schema = { ...record, fields: [field, ...record.fields] };
  return { eventType: 'OrderRequested', version: 3, schema, text: JSON.stringify(schema) };
})();

const idOfVersion = (version: number): number => 100 + version;

/** A release that writes the last of `versions`; it finds the schemas of later ones in the registry. */
const release = (...versions: readonly SchemaVersion[]): EventCodec => {
  const then: SchemaHistory = { ...history, OrderRequested: versions };
  return assembleCodec({
    topics: [topics.orderRequests],
    history: then,
    known: ourSchemas([topics.orderRequests], then).map((schema) => ({
      schema,
      id: idOfVersion(schema.version.version),
    })),
    texts: new Map(),
    fetchSchema: (id) =>
      Promise.resolve(id === idOfVersion(3) ? { text: v3.text, selfContainedAvro: true } : undefined),
    onLearned: () => undefined,
    nowMs: () => performance.now(),
  });
};

const today = release(v1, v2);
const orders = Array.from({ length: 30 }, (_, index): OrderRequested => ({
  type: 'OrderRequested',
  request_id: `r-${String(index).padStart(2, '0')}`,
  user_id: `u-${index % 4}`,
  item_id: `i-${index % 3}`,
  amount: 1 + (index % 5),
  requested_at: 1_700_000_000_000 + index,
  sales_channel: null,
}));

/** The views after a replay of the orders, each written by the release that `writerOf` names. */
const viewsAfter = async (writerOf: (index: number) => EventCodec): Promise<unknown> => {
  const database = await createDatabase();
  try {
    const log = new WrittenLog();
    const records = orders.map((order, index) =>
      log.raw('order-requests', 0, {
        key: Buffer.from(order.request_id),
        value: writerOf(index).encode('order-requests', order),
        headers: {},
      }),
    );
    const parked: unknown[] = [];
    const router = createViewRouter({
      pool: database.pool,
      codec: today,
      metrics: createProjectorMetrics(createMetrics('test', '0')),
      report: async (letters) => {
        parked.push(...letters);
      },
    });
    await router.write(records);
    const rows = await database.pool.query('select * from views.orders order by request_id');
    const sales = await database.pool.query('select * from views.item_sales order by 1, 2');
    return { orders: rows.rows as unknown[], sales: sales.rows as unknown[], parked };
  } finally {
    await database.drop();
  }
};

describe('a log with three versions of one event', () => {
  test('holds three schemas, one of them newer than this release', () => {
    const releases = [release(v1), release(v1, v2), release(v1, v2, v3)];
    const ids = releases.map((codec) => codec.encode('order-requests', orders[0]!).readInt32BE(1));
    expect(ids).toEqual([101, 102, 103]);
    expect(today.decode('order-requests', releases[2]!.encode('order-requests', orders[0]!)).kind).toBe(
      'unknown-schema',
    );
  });

  test('is replayed into the same views as a log with one version', async () => {
    const releases = [release(v1), release(v1, v2), release(v1, v2, v3)] as const;
    const mixed = (await viewsAfter((index) => releases[index % 3]!)) as {
      orders: unknown[];
      parked: unknown[];
    };
    expect(mixed.orders).toHaveLength(orders.length);
    expect(mixed.parked).toEqual([]);
    expect(mixed).toEqual(await viewsAfter(() => today));
  });
});
