import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { withDeadline } from '../chassis/deadline';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnection } from '../chassis/kafka/connection';
import type { LogProducer, LogRecord } from '../chassis/kafka/log';
import { createLogProducer } from '../chassis/kafka/producer';
import { createLogReader } from '../chassis/kafka/reader';
import type { Running } from '../chassis/lifecycle';
import { readConfig } from '../projector/config';
import { start } from '../projector/start';
import { readRanges } from '../projector/rebuild/targets';
import type { EventCodec } from '../schemas/codec';
import { createEventCodec } from '../schemas/event-codec';
import { projectRoot } from '../stack/project-root';
import { eventually } from './support/eventually';
import { typescriptChild } from './support/typescript-child';
import { deployTestContracts } from './support/contracts';
import { createDatabase, type TestDatabase } from './support/database';
import { writeOrders } from './views/order-writer';
import { foldIndependently } from './views/independent-fold';
import { readViews } from './views/view-contents';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? '';
const topics = ['order-requests', 'order-outcomes'];
const connection = kafkaConnection({ brokers, clientId: 'test' });

let database: TestDatabase;
let codec: EventCodec;
let producer: LogProducer;
beforeAll(async () => {
  await deployTestContracts({ KAFKA_BROKERS: brokers.join(','), SCHEMA_REGISTRY_URL: registryUrl });
  codec = await createEventCodec({ registryUrl });
  producer = await createLogProducer(connection);
}, 60_000);
afterAll(() => producer.stop(2_000));
beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => database.drop());

const environment = (groupId: string): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  DATABASE_URL: database.url,
  GROUP_ID: groupId,
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'error',
});

const startHere = (groupId: string): Promise<Running> =>
  start(
    readConfig(environment(groupId)),
    (_code, reason) => {
      throw reason;
    },
    { groupId },
  );

/** Waits until the view has passed where the log ends now. */
const caughtUp = async (): Promise<void> => {
  const admin = createLogAdmin(connection);
  const ends = await readRanges(admin, topics);
  await admin.stop();
  await eventually(
    async () => {
      const cursors = await readCursorsOf();
      for (const [topic, partitions] of ends) {
        for (const { partition, high } of partitions) {
          expect(cursors.get(`${topic}:${partition}`) ?? 0).toBeGreaterThanOrEqual(high);
        }
      }
    },
    { withinMs: 90_000 },
  );
};

const readCursorsOf = async (): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await database.pool.query<{ place: string; next: number }>(
    `select topic || ':' || partition as place, next from views.order_offsets`,
  );
  return new Map(rows.map(({ place, next }) => [place, next]));
};

/** The log as far as the view has folded it; others may write behind that. */
const dumpTo = async (cursors: ReadonlyMap<string, number>): Promise<readonly LogRecord[]> => {
  const records: LogRecord[] = [];
  for (const topic of topics) {
    const to = new Map(
      [...cursors]
        .filter(([place]) => place.startsWith(`${topic}:`))
        .map(([place, next]): [number, number] => [Number(place.split(':')[1]), next]),
    );
    await createLogReader(connection).read({
      topic,
      to,
      onRecords: async (some) => {
        records.push(...some);
      },
    });
  }
  return records;
};

const expectViewEqualsLog = async (): Promise<void> => {
  const records = await dumpTo(await readCursorsOf());
  const [held, expected] = [await readViews(database.pool), foldIndependently(records, codec)];
  expect(Object.keys(held.orders)).toHaveLength(Object.keys(expected.orders).length);
  expect(held).toEqual(expected);
};

const rounds = Number(process.env['REBALANCE_ROUNDS'] ?? 2);
/** A round takes 2 s and two rebalances, 7 s at a load of 30. */
const rebalancesWithinMs = 120_000 + rounds * 20_000;

describe('a projector under load', () => {
  it('that is killed before and after commits leaves the view equal to the log', async () => {
    const group = `crash-${randomUUID()}`;
    const enough = new AbortController();
    // Until all have died: one that finds the log at rest commits once and waits for ever.
    const options = { producer, codec, prefix: group, pauseMs: 40, signal: enough.signal };
    const writing = writeOrders({ ...options, orders: 50_000 });
    for (const dieAt of ['before-commit@2', 'after-commit@3', 'before-commit@5']) {
      // Every life joins a group of its own, because the dead member of a group is waited for.
      const child = typescriptChild(join(projectRoot(), 'tests/processes/projector.ts'), {
        ...environment(`${group}-${dieAt}`),
        DIE_AT: dieAt,
      });
      const [code, signal] = (await withDeadline(once(child, 'exit'), 60_000, dieAt)) as unknown[];
      expect([code, signal]).toEqual([null, 'SIGKILL']);
    }
    enough.abort();
    await writing;
    const survivor = await startHere(`${group}-survivor`);
    await caughtUp();
    await survivor.stop();
    await expectViewEqualsLog();
  }, 150_000);

  it(
    'beside a second one that joins and leaves every 2 s leaves the view equal to the log',
    async () => {
      const group = `rebalance-${randomUUID()}`;
      const staying = await startHere(group);
      const enough = new AbortController();
      // Until the last round is over: a rebalance of partitions at rest proves nothing.
      const options = { producer, codec, prefix: group, pauseMs: 50, signal: enough.signal };
      const writing = writeOrders({ ...options, orders: Infinity });
      for (let round = 0; round < rounds; round += 1) {
        const visitor = await startHere(group);
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        await visitor.stop();
      }
      enough.abort();
      await writing;
      await caughtUp();
      await staying.stop();
      await expectViewEqualsLog();
    },
    rebalancesWithinMs,
  );
});
