import fc from 'fast-check';
import type { LogRecord } from '../chassis/kafka/log';
import { createMetrics } from '../chassis/metrics';
import { createView } from '../migrations/ensure-views';
import { viewsToday } from '../migrations/views/today';
import { createDatabase, type TestDatabase } from '../tests/support/database';
import { arbitraryLog, writeLog } from '../tests/views/arbitrary-log';
import { foldIndependently } from '../tests/views/independent-fold';
import { emptyViews, readViews } from '../tests/views/view-contents';
import { testCodec } from '../tests/views/written-log';
import { createOrdersProjection } from './orders-projection';
import { createProjectorMetrics } from './projector-metrics';
import { createViewRouter, type ViewRouter } from './view-router';
import type { WriterStep } from './view-transaction';
import { createViewWriter, type ViewWriter } from './view-writer';
import { createOwnOrdersWriter } from './write-orders';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.drop();
});

const projector = (atStep?: (step: WriterStep) => void): ViewRouter =>
  createViewRouter({
    pool: database.pool,
    codec: testCodec,
    metrics: createProjectorMetrics(createMetrics('test', '0')),
    report: async () => undefined,
    ...(atStep ? { atStep } : {}),
  });

/** Writes as a rebuild does, and copies even a single order. */
const rebuildWriter = (atStep?: (step: WriterStep) => void): ViewWriter =>
  createViewWriter({
    pool: database.pool,
    projection: createOrdersProjection(testCodec, async () => undefined, createOwnOrdersWriter(1, 1)),
    schema: 'views_next',
    recordsMax: 100,
    durability: 'lazy',
    ...(atStep ? { atStep } : {}),
  });

const lanesOf = (records: readonly LogRecord[]): LogRecord[][] => {
  const lanes = new Map<string, LogRecord[]>();
  for (const record of records) {
    const key = `${record.topic}:${record.partition}`;
    lanes.set(key, [...(lanes.get(key) ?? []), record]);
  }
  return [...lanes.values()];
};

/** Hands a partition's records over in pieces, as a consumer does: from where the view stands, until all are done. */
const drive = async (
  router: Pick<ViewRouter, 'next' | 'write'>,
  lane: readonly LogRecord[],
  pieceSize: number,
): Promise<void> => {
  const [first] = lane;
  if (first === undefined) return;
  for (let failures = 0; failures < 50;) {
    const next = await router.next(first.topic, first.partition);
    if (next >= lane.length) return;
    try {
      await router.write(lane.slice(next, next + pieceSize));
    } catch {
      failures += 1;
    }
  }
  throw new Error('the lane did not come to its end');
};

/** Fails at every n-th step, before or after the commit: what a kill or a lost answer looks like to the database. */
const failingEvery = (n: number): ((step: WriterStep) => void) => {
  let steps = 0;
  return () => {
    steps += 1;
    if (steps % n === 0) throw new Error('the connection is gone');
  };
};

const runs = { numRuns: 25 };

describe('the views equal an independent fold of the log', () => {
  it('whatever the pieces and however the topics interleave', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLog, fc.integer({ min: 1, max: 9 }), async (written, pieceSize) => {
        await emptyViews(database.pool);
        const { records } = writeLog(written);
        const router = projector();
        await Promise.all(lanesOf(records).map((lane) => drive(router, lane, pieceSize)));
        expect(await readViews(database.pool)).toEqual(foldIndependently(records));
      }),
      runs,
    );
  });

  it('when transactions fail before or after their commit', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLog, fc.integer({ min: 2, max: 5 }), async (written, n) => {
        await emptyViews(database.pool);
        const { records } = writeLog(written);
        const router = projector(failingEvery(n));
        await Promise.all(lanesOf(records).map((lane) => drive(router, lane, 4)));
        expect(await readViews(database.pool)).toEqual(foldIndependently(records));
      }),
      runs,
    );
  });

  it('when two projectors fold the same partitions at once', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLog, async (written) => {
        await emptyViews(database.pool);
        const { records } = writeLog(written);
        const lanes = lanesOf(records);
        const [one, zombie] = [projector(), projector()];
        await Promise.all([
          ...lanes.map((lane) => drive(one, lane, 3)),
          ...lanes.map((lane) => drive(zombie, lane, 5)),
        ]);
        expect(await readViews(database.pool)).toEqual(foldIndependently(records));
      }),
      runs,
    );
  });

  it('when a rebuild copies them into tables of its own, duplicates and failures included', async () => {
    const client = await database.pool.connect();
    await createView(client, viewsToday.orders, 'views_next');
    client.release();
    await fc.assert(
      fc.asyncProperty(
        arbitraryLog,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 2, max: 7 }),
        async (written, pieceSize, n) => {
          await emptyViews(database.pool, 'views_next');
          const { records } = writeLog(written);
          const writer = rebuildWriter(failingEvery(n));
          const router = {
            next: (topic: string, partition: number) => writer.next(topic, partition),
            write: async (piece: readonly LogRecord[]) => {
              await writer.write(piece);
              return piece.length;
            },
          };
          await Promise.all(lanesOf(records).map((lane) => drive(router, lane, pieceSize)));
          expect(await readViews(database.pool, 'views_next')).toEqual(foldIndependently(records));
        },
      ),
      runs,
    );
  });
});
