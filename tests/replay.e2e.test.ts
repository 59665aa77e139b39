import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { kafkaConnection } from '../chassis/kafka/connection';
import type { LogProducer } from '../chassis/kafka/log';
import { createLogProducer } from '../chassis/kafka/producer';
import type { Running } from '../chassis/lifecycle';
import { viewsToday } from '../migrations/views/today';
import type { ViewName } from '../migrations/views/view-shape';
import { readConfig as readProjectorConfig } from '../projector/config';
import { findRebuild } from '../projector/rebuild/rebuild-store';
import { start as startProjector } from '../projector/start';
import { readConfig as readQueryConfig } from '../query-api/config';
import { start as startQueryApi } from '../query-api/start';
import type { EventCodec } from '../schemas/codec';
import { toDeadLetterRecord } from '../schemas/dead-letter';
import { createEventCodec } from '../schemas/event-codec';
import { eventIdOf } from '../schemas/event-id';
import type { DomainEvent } from '../schemas/events';
import { toRecord } from '../schemas/new-record';
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

/** So that the other two views hold something as well. */
const writeStockAndLetter = async (producer: LogProducer, codec: EventCodec): Promise<void> => {
  const stocked: DomainEvent = {
    type: 'StockAdjusted',
    item_id: `${prefix}-item-1`,
    delta: 7,
    reason: 'seed',
    command_id: `${prefix}-stock`,
    actor: 'op',
    adjusted_at: Date.now(),
    expected_version: null,
  };
  const metadata = {
    event_id: eventIdOf(stocked),
    correlation_id: prefix,
    causation_id: prefix,
    source: 'test',
  };
  const poison = { topic: 'order-outcomes', partition: 0, offset: 9_000_000, headers: {} };
  const letter = toDeadLetterRecord(
    { ...poison, key: Buffer.from(prefix), value: Buffer.from('poison') },
    { reason: 'TRUNCATED', detail: prefix, consumer: 'projector', attempts: 1, failedAtMs: 1 },
  );
  const outcomes = await producer.sendAll([toRecord(codec, 'stock-adjustments', stocked, metadata), letter]);
  for (const outcome of outcomes) if (outcome.kind !== 'acked') throw outcome.error;
};

beforeAll(async () => {
  database = await createDatabase();
  const server = new URL(database.url);
  link = await startTcpProxy(`${server.hostname}:${server.port}`, Math.random);
  const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
  const producer = await createLogProducer(kafkaConnection({ brokers, clientId: 'test' }));
  const codec = await createEventCodec({ registryUrl: process.env['SCHEMA_REGISTRY_URL'] ?? '' });
  await writeOrders({ producer, codec, prefix, orders, pauseMs: 0 });
  await writeStockAndLetter(producer, codec);
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
const replay = (command: string, more: NodeJS.ProcessEnv = {}, ...options: string[]): Run =>
  replayOf('orders', command, more, ...options);

const replayOf = (
  view: ViewName,
  command: string,
  more: NodeJS.ProcessEnv = {},
  ...options: string[]
): Run => {
  const main = join(projectRoot(), 'dist/projector/replay/main.js');
  const child = spawn(process.execPath, [main, command, view, ...options], {
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

/** By the broker's clock: half of the orders were asked for before it. */
const middleOfWriting = async (): Promise<number> => {
  const { rows } = await database.pool.query<{ middle: number }>(
    `select percentile_disc(0.5) within group (order by request_appended_at)::bigint as middle
     from views.orders where request_id like $1`,
    [`${prefix}-%`],
  );
  return rows[0]?.middle ?? 0;
};

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
    const shown = await status.ended;
    expect(shown).toEqual(says(4, '"state": "STALLED"'));
    expect(shown.text).toMatch(/"behind": \[[^]*"topic": "order-outcomes",/);
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
    const api = await startQueryApi(readQueryConfig(environment({ ADMIN_TOKEN: 'operators-only' })));
    const middle = await middleOfWriting();
    const paths = Array.from({ length: 40 }, (_, index) => `${prefix}-${index * 61}`).flatMap((id) => [
      `/orders/${id}`,
      `/orders/${id}/timeline`,
    ]);
    for (let number = 0; number < orders; number += 61)
      paths.push(`/orders/${prefix}-${number}?as_of=${middle}`);
    // Only what is this test's: others write to the same log meanwhile.
    paths.push(`/users/${prefix}-user-3/orders`, `/items/${prefix}-item-1`, `/admin/dlq?key=${prefix}`);
    const answers = (): Promise<readonly string[]> =>
      Promise.all(
        paths.map(async (path) => {
          const headers = { Authorization: 'Bearer operators-only', 'X-Correlation-ID': 'the-same' };
          const answer = await fetch(new URL(path, api.url), { headers });
          return `${path} ${answer.status} ${answer.headers.get('etag')} ${(await answer.text()).replace(/"server_time":"[^"]*"/g, '')}`;
        }),
      );
    try {
      const before = await eventually(async () => {
        const [first, second] = [await answers(), await answers()];
        expect(first).toEqual(second);
        expect(first.find((answer) => answer.startsWith('/admin/dlq'))).toContain('TRUNCATED');
        return first;
      });
      // Half of the orders were not there yet in the middle.
      const isPast = (answer: string): boolean => answer.includes('?as_of=');
      expect(before.filter((answer) => !isPast(answer) && !answer.includes(' 200 '))).toEqual([]);
      expect(new Set(before.filter(isPast).map((answer) => answer.split(' ')[1]))).toEqual(
        new Set(['200', '404']),
      );
      const tables = Object.values(viewsToday).flatMap((shape) =>
        shape.tables.map((table) => `views.${table}`),
      );
      await database.pool.query(`drop table ${tables.join(', ')}`);
      for (const view of ['orders', 'items', 'dead-letters'] as const) {
        expect(await replayOf(view, 'run').ended).toEqual(says(0, 'switched'));
      }
      expect(await answers()).toEqual(before);
    } finally {
      await api.stop();
    }
  }, 120_000);
});
