import type { LogRecord } from '../chassis/kafka/log';
import { createMetrics } from '../chassis/metrics';
import { createProjectorMetrics } from '../projector/projector-metrics';
import { createViewRouter } from '../projector/view-router';
import { startPostgres } from '../stack/postgres';
import { createDatabase } from './support/database';
import { eventually } from './support/eventually';
import { privateServers } from './support/private-servers';
import { writeLog, type Written } from './views/arbitrary-log';
import { foldIndependently } from './views/independent-fold';
import { readViews } from './views/view-contents';
import { testCodec } from './views/written-log';

const own = privateServers();
afterAll(() => own.remove());

const orders: readonly Written[] = Array.from({ length: 1_200 }, (_, index): Written => {
  const order = Math.floor(index / 3);
  if (index % 3 === 0) return { kind: 'request', order, amount: 1, item: order % 2 };
  return index % 3 === 1 ? { kind: 'completed', order, epoch: 1 } : { kind: 'failed', order, epoch: 1 };
});

describe('a projector whose PostgreSQL is stopped in the middle', () => {
  it.each(['SIGINT', 'SIGQUIT', 'SIGKILL'] as const)(
    'holds what the log says after %s and a restart',
    async (signal) => {
      const place = own.place(`postgres-${signal}`);
      const server = await own.keep(startPostgres(place));
      const database = await createDatabase({ serverUrl: server.url });
      const router = createViewRouter({
        pool: database.pool,
        codec: testCodec,
        metrics: createProjectorMetrics(createMetrics('test', '0')),
        report: async () => undefined,
      });
      const { records } = writeLog(orders);
      const lanes = [...groupByPlace(records).values()];
      let written = 0;
      const drive = async (lane: readonly LogRecord[]): Promise<void> => {
        for (let from = 0; from < lane.length; from += 5) {
          await eventually(() => router.write(lane.slice(from, from + 5)), { withinMs: 60_000 });
          written += 1;
        }
      };
      const driving = Promise.all(lanes.map(drive));
      await eventually(() => expect(written).toBeGreaterThan(20), { withinMs: 30_000 });
      await server.kill(signal);
      await own.keep(startPostgres({ ...place, port: server.port }));
      await driving;
      expect(await readViews(database.pool)).toEqual(foldIndependently(records));
      await database.drop();
    },
    150_000,
  );
});

const groupByPlace = (records: readonly LogRecord[]): Map<string, LogRecord[]> => {
  const lanes = new Map<string, LogRecord[]>();
  for (const record of records) {
    const key = `${record.topic}:${record.partition}`;
    lanes.set(key, [...(lanes.get(key) ?? []), record]);
  }
  return lanes;
};
