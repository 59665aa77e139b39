import type { Pool } from 'pg';
import type { LogRecord } from '../chassis/kafka/log';
import { createMetrics } from '../chassis/metrics';
import { createProjectorMetrics } from '../projector/projector-metrics';
import { createViewRouter, type ViewRouter } from '../projector/view-router';
import { startPostgres } from '../stack/postgres';
import { startTcpProxy } from './chaos/tcp-proxy';
import { createDatabase, poolOf } from './support/database';
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

const routerOn = (pool: Pool): ViewRouter =>
  createViewRouter({
    pool,
    codec: testCodec,
    metrics: createProjectorMetrics(createMetrics('test', '0')),
    report: async () => undefined,
  });

/** Writes every partition in pieces of five, each until it is done; `onWritten` hears of each piece. */
const drive = async (
  router: ViewRouter,
  records: readonly LogRecord[],
  onWritten: () => void,
): Promise<void> => {
  const driveLane = async (lane: readonly LogRecord[]): Promise<void> => {
    for (let from = 0; from < lane.length; from += 5) {
      await eventually(() => router.write(lane.slice(from, from + 5)), { withinMs: 60_000 });
      onWritten();
    }
  };
  await Promise.all([...groupByPlace(records).values()].map(driveLane));
};

describe('a projector whose PostgreSQL is stopped in the middle', () => {
  it.each(['SIGINT', 'SIGQUIT', 'SIGKILL'] as const)(
    'holds what the log says after %s and a restart',
    async (signal) => {
      const place = own.place(`postgres-${signal}`);
      const server = await own.keep(startPostgres(place));
      const database = await createDatabase({ serverUrl: server.url });
      const { records } = writeLog(orders);
      let written = 0;
      const driving = drive(routerOn(database.pool), records, () => (written += 1));
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

describe('a projector whose connection is cut when it has sent COMMIT', () => {
  it('holds what the log says, although it never heard whether it was done', async () => {
    const database = await createDatabase();
    const url = new URL(database.url);
    const link = await startTcpProxy(`${url.hostname}:${url.port}`, Math.random);
    url.port = String(link.port);
    const pool = poolOf(url.href);
    const { records } = writeLog(orders);
    let written = 0;
    link.cutAtReply('commit\0', 0);
    await drive(routerOn(pool), records, () => {
      written += 1;
      if (written % 20 === 0) link.cutAtReply('commit\0', written % 3);
    });
    await pool.end();
    await link.stop();
    expect(link.faults).toBeGreaterThan(5);
    expect(await readViews(database.pool)).toEqual(foldIndependently(records));
    await database.drop();
  }, 60_000);
});

const groupByPlace = (records: readonly LogRecord[]): Map<string, LogRecord[]> => {
  const lanes = new Map<string, LogRecord[]>();
  for (const record of records) {
    const key = `${record.topic}:${record.partition}`;
    lanes.set(key, [...(lanes.get(key) ?? []), record]);
  }
  return lanes;
};
