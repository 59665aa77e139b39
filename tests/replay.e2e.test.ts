import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { kafkaConnection } from '../chassis/kafka/connection';
import { createLogProducer } from '../chassis/kafka/producer';
import type { Running } from '../chassis/lifecycle';
import { viewsToday } from '../migrations/views/today';
import { readConfig as readProjectorConfig } from '../projector/config';
import { findRebuild } from '../projector/rebuild/rebuild-store';
import { start as startProjector } from '../projector/start';
import { readConfig as readQueryConfig } from '../query-api/config';
import { start as startQueryApi } from '../query-api/start';
import { createEventCodec } from '../schemas/event-codec';
import { projectRoot } from '../stack/project-root';
import { startTcpProxy, type TcpProxy } from './chaos/tcp-proxy';
import { createDatabase, type TestDatabase } from './support/database';
import { eventually } from './support/eventually';
import { writeOrders } from './views/order-writer';

const orders = 2_500;
const prefix = `replay-${randomUUID().slice(0, 8)}`;

let database: TestDatabase;
/** Between PostgreSQL and those rebuilds that a test slows down or leaves without an answer. */
let link: TcpProxy;
let projector: Running;
const children: ChildProcess[] = [];

const environment = (more: NodeJS.ProcessEnv = {}): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  DATABASE_URL: database.url,
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'error',
  ...more,
});

const isFolded = async (): Promise<void> => {
  const { rows } = await database.pool.query<{ count: number }>(
    'select count(*)::int as count from views.orders where request_id like $1',
    [`${prefix}-%`],
  );
  expect(rows[0]?.count).toBe(orders);
};

beforeAll(async () => {
  database = await createDatabase();
  const server = new URL(database.url);
  link = await startTcpProxy(`${server.hostname}:${server.port}`, Math.random);
  const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
  const producer = await createLogProducer(kafkaConnection({ brokers, clientId: 'test' }));
  const codec = await createEventCodec({ registryUrl: process.env['SCHEMA_REGISTRY_URL'] ?? '' });
  await writeOrders({ producer, codec, prefix, orders, pauseMs: 0 });
  await producer.stop(2_000);
  projector = await startProjector(
    readProjectorConfig(environment()),
    (_code, reason) => {
      throw reason;
    },
    { groupId: prefix },
  );
  await eventually(isFolded, { withinMs: 60_000 });
}, 120_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await projector.stop();
  await link.stop();
  await database.drop();
}, 60_000);

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly text: string }>;
}

/** The compiled command, as `npx flash-sale replay` and `make replay` run it. */
const replay = (command: string, more: NodeJS.ProcessEnv = {}, ...options: string[]): Run => {
  const main = join(projectRoot(), 'dist/projector/replay/main.js');
  const child = spawn(process.execPath, [main, command, 'orders', ...options], {
    env: environment(more),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (some: string) => (text += some));
  }
  const ended = new Promise<{ code: number | null; text: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, text })),
  );
  return { child, ended };
};

const overTheLink = (): NodeJS.ProcessEnv => {
  const url = new URL(database.url);
  url.port = String(link.port);
  return { DATABASE_URL: url.href };
};

const built = async (): Promise<number> => {
  const { rows } = await database.pool.query<{ built: number }>(
    'select coalesce(sum(next), 0)::int as built from views_next.order_offsets',
  );
  return rows[0]?.built ?? 0;
};

/** Starts a rebuild over a link so slow that it takes some seconds. */
const startSlowly = (more: NodeJS.ProcessEnv = {}): Run => {
  link.behave({ bytesPerSecond: 300_000 });
  return replay('start', { ...overTheLink(), ...more });
};

const soon = { withinMs: 40_000, everyMs: 5 };

const says = (code: number, text: string) => ({ code, text: expect.stringContaining(text) as unknown });

describe('replay', () => {
  it('goes on after kill -9, refuses a second one, and says that it is stalled', async () => {
    const killed = startSlowly();
    await eventually(async () => expect(await built()).toBeGreaterThan(0), soon);
    link.behave({ isSilent: true });
    expect(await replay('start').ended).toEqual(says(3, 'another rebuild of view orders is at work'));
    killed.child.kill('SIGKILL');
    await killed.ended;
    const before = await built();
    link.heal();

    const startedAtMs = Date.now();
    const stalling = startSlowly({ STALLED_AFTER: '2s' });
    await eventually(async () => {
      const rebuild = await findRebuild(database.pool, 'orders');
      expect(rebuild?.progressed_at).toBeGreaterThan(startedAtMs);
    }, soon);
    link.behave({ isSilent: true });
    expect(await stalling.ended).toEqual(says(4, 'STALLED: no event folded for 2 s'));
    const status = replay('status', {}, '--json');
    expect(await status.ended).toEqual(says(4, '"state": "STALLED"'));
    link.heal();

    expect(await built()).toBeGreaterThanOrEqual(before);
    expect(await replay('start').ended).toEqual(says(0, 'built'));
    expect(await replay('verify').ended).toEqual(says(0, 'are equal at equal offsets'));
    expect(await replay('switch').ended).toEqual(says(0, 'switched'));
    expect(await replay('rollback').ended).toEqual(says(0, 'rolled back'));
    expect(await replay('drop').ended).toEqual(says(0, 'dropped'));
    await isFolded();
  }, 120_000);

  it('after every view table was dropped gives back the same answers, byte for byte', async () => {
    const api = await startQueryApi(readQueryConfig(environment()));
    const paths = Array.from({ length: 40 }, (_, index) => `${prefix}-${index * 61}`).flatMap((id) => [
      `/orders/${id}`,
      `/orders/${id}/timeline`,
    ]);
    paths.push(`/users/${prefix}-user-3/orders`, `/items/${prefix}-item-1`);
    const answers = (): Promise<readonly string[]> =>
      Promise.all(
        paths.map(async (path) => {
          const answer = await fetch(new URL(path, api.url));
          return `${path} ${answer.status} ${answer.headers.get('etag')} ${(await answer.text()).replace(/"server_time":"[^"]*"/, '')}`;
        }),
      );
    try {
      const before = await answers();
      expect(before.filter((answer) => !answer.includes(' 200 '))).toEqual([]);
      const tables = viewsToday.orders.tables.map((table) => `views.${table}`);
      await database.pool.query(`drop table ${tables.join(', ')}`);
      expect(await replay('run', {}, '--accept-diff').ended).toEqual(says(0, 'switched'));
      expect(await answers()).toEqual(before);
    } finally {
      await api.stop();
    }
  }, 120_000);
});
