import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { SignJWT } from 'jose';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnection } from '../chassis/kafka/connection';
import type { LogProducer } from '../chassis/kafka/log';
import { createLogProducer } from '../chassis/kafka/producer';
import type { Running } from '../chassis/lifecycle';
import { readConfig as readProjectorConfig } from '../projector/config';
import { start as startProjector } from '../projector/start';
import { deployContracts } from '../schemas/deploy';
import type { EventCodec } from '../schemas/codec';
import { createEventCodec } from '../schemas/event-codec';
import type { DomainEvent } from '../schemas/events';
import { eventIdOf } from '../schemas/event-id';
import { toRecord } from '../schemas/new-record';
import { createRegistryClient } from '../schemas/registry-client';
import type { TopicName } from '../schemas/topics';
import { createDatabase, type TestDatabase } from '../tests/support/database';
import { eventually } from '../tests/support/eventually';
import { openReader, requestText } from '../tests/support/raw-reader';
import { createCheckAnswer } from '../tests/support/openapi-check';
import { readConfig } from './config';
import { openApiDocument } from './openapi-document';
import { start } from './start';

const env = process.env as Record<string, string>;
const secret = 'a secret of at least thirty-two characters';
const run = randomUUID().slice(0, 8);

let database: TestDatabase;
let producer: LogProducer;
let codec: EventCodec;
let projector: Running;
let api: Running;
let guarded: Running;

const apiEnvironment = (more: Record<string, string> = {}): Record<string, string> => ({
  ...env,
  DATABASE_URL: database.url,
  PORT: '0',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'error',
  DRAIN_GRACE: '0ms',
  ADMIN_TOKEN: 'operators-only',
  ...more,
});

const publish = async (topic: TopicName, event: DomainEvent): Promise<string> => {
  const metadata = {
    event_id: eventIdOf(event),
    correlation_id: `corr-${run}`,
    causation_id: `corr-${run}`,
    source: 'test',
  };
  const outcome = await producer.send(toRecord(codec, topic, event, metadata));
  if (outcome.kind !== 'acked') throw outcome.error;
  return `${topic}:${outcome.partition}:${outcome.offset}`;
};

const ask = (id: string, amount = 1, user = `user-${run}`): Promise<string> =>
  publish('order-requests', {
    type: 'OrderRequested',
    request_id: id,
    user_id: user,
    item_id: `item-${run}`,
    amount,
    requested_at: Date.now(),
    sales_channel: 'WEB',
  });

const sell = (id: string, amount = 1): Promise<string> =>
  publish('order-outcomes', {
    type: 'OrderCompleted',
    request_id: id,
    user_id: `user-${run}`,
    item_id: `item-${run}`,
    amount,
    epoch: 1_000_000,
    payment_id: 'pay',
    completed_at: Date.now(),
  });

const allowed = createCheckAnswer(openApiDocument('none'));
const allowedWithTokens = createCheckAnswer(openApiDocument('jwt'));

/** Reads, and checks the answer against what the API says of itself. */
const read = async (
  path: string,
  options: { readonly headers?: Record<string, string>; readonly from?: Running } = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown>; text: string }> => {
  const response = await fetch(`${(options.from ?? api).url}${path}`, { headers: options.headers ?? {} });
  const { status, headers } = response;
  const text = await response.text();
  const check = options.from === guarded ? allowedWithTokens : allowed;
  expect(check('GET', path.replace(/\?.*/, ''), { status, headers, text })).toEqual([]);
  return { status, headers, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>), text };
};

beforeAll(async () => {
  const connection = kafkaConnection({ brokers: (env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'test' });
  const registryUrl = env['SCHEMA_REGISTRY_URL'] ?? '';
  const admin = createLogAdmin(connection);
  const registry = createRegistryClient(registryUrl, 10_000);
  const say = (): void => undefined;
  await deployContracts({ admin, registry, orderPartitions: 8, replicationFactor: 1, waitMs: 30_000, say });
  await admin.stop();
  database = await createDatabase();
  codec = await createEventCodec({ registryUrl });
  producer = await createLogProducer(connection);
  const onFatal = (_code: number, reason: Error): void => {
    throw reason;
  };
  const projectorConfig = readProjectorConfig({ ...apiEnvironment(), LOG_LEVEL: 'error' });
  projector = await startProjector(projectorConfig, onFatal, { groupId: `projector-${run}` });
  api = await start(readConfig(apiEnvironment()));
  const jwt = { AUTH_MODE: 'jwt', JWT_SECRET: secret, JWT_ISSUER: 'issuer', JWT_AUDIENCE: 'shop' };
  guarded = await start(readConfig(apiEnvironment(jwt)));
}, 120_000);

afterAll(async () => {
  await guarded.stop();
  await api.stop();
  await projector.stop();
  await producer.stop(2_000);
  await database.drop();
}, 60_000);

const tokenOf = (subject: string): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuer('issuer')
    .setAudience('shop')
    .setExpirationTime('5m')
    .sign(Buffer.from(secret));

describe('the query API', () => {
  it('reads what was just written by its position', async () => {
    const before = await ask(`${run}-before`);
    await eventually(async () => {
      const { body } = await read(`/orders/${run}-before?position=${before}`);
      expect(body).not.toHaveProperty('stale');
    });
    const id = `${run}-position`;
    const position = await ask(id, 3);
    const { status, body } = await read(`/orders/${id}?position=${position}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ request_id: id, user_id: `user-${run}`, amount: 3, status: 'PENDING' });
    expect(body).not.toHaveProperty('stale');
  });

  it('holds an answer until the order is terminal', async () => {
    const id = `${run}-wait`;
    await ask(id);
    const waiting = read(`/orders/${id}?wait=20s`);
    await sell(id);
    expect((await waiting).body).toMatchObject({ status: 'COMPLETED', reason: null });
  });

  it('shows seven available when three of ten are sold', async () => {
    const item = `item-${run}`;
    const stock = { item_id: item, delta: 10, reason: 'seed', command_id: `${run}-stock`, actor: 'op' };
    await publish('stock-adjustments', {
      type: 'StockAdjusted',
      ...stock,
      adjusted_at: Date.now(),
      expected_version: null,
    });
    const before = await eventually(async () => {
      const { body } = await read(`/items/${item}`);
      expect(body).toMatchObject({ stocked: 10 });
      return body;
    });
    const id = `${run}-three`;
    await ask(id, 3);
    await sell(id, 3);
    await read(`/orders/${id}?wait=20s`);
    const { body } = await read(`/items/${item}`);
    expect(body['available']).toBe(Number(before['available']) - 3);
  });

  it('answers 404 for an order that nobody placed, once the view has folded the log', async () => {
    await eventually(
      async () => {
        const { status, headers } = await read(`/orders/${run}-never`);
        expect(status).toBe(404);
        expect(headers.get('content-type')).toContain('application/problem+json');
      },
      { withinMs: 60_000 },
    );
  }, 90_000);

  it('answers 304 to a reader that has the state', async () => {
    const id = `${run}-etag`;
    await ask(id);
    await sell(id);
    const first = await read(`/orders/${id}?wait=20s`);
    const etag = first.headers.get('etag') ?? '';
    const again = await read(`/orders/${id}`, { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
    expect(first.headers.get('cache-control')).toBe('private, max-age=60');
  });

  it('lists the events of an order, and the orders of a buyer page by page', async () => {
    const user = `pages-${run}`;
    const ids = [1, 2, 3].map((index) => `${run}-page-${index}`);
    for (const id of ids) await ask(id, 1, user);
    const all = await eventually(async () => {
      const { body } = await read(`/users/${user}/orders?limit=2`);
      expect(body['orders']).toHaveLength(2);
      const more = await read(`/users/${user}/orders?limit=2&cursor=${String(body['next_cursor'])}`);
      expect(more.body['orders']).toHaveLength(1);
      return [
        ...(body['orders'] as { request_id: string }[]),
        ...(more.body['orders'] as { request_id: string }[]),
      ];
    });
    expect(new Set(all.map(({ request_id }) => request_id))).toEqual(new Set(ids));
    const { body } = await read(`/orders/${ids[0] ?? ''}/timeline`);
    expect(body['events']).toMatchObject([
      { seq: 1, type: 'OrderRequested', effect: 'applied', sales_channel: 'WEB' },
    ]);
  });

  it('streams the events of an order, and goes on where a reader stopped', async () => {
    const id = `${run}-stream`;
    await ask(id);
    await eventually(async () =>
      expect((await read(`/orders/${id}/timeline`)).body['events']).toHaveLength(1),
    );
    const response = await fetch(`${api.url}/orders/${id}/stream`);
    const streamed = response.text();
    await sell(id);
    const text = await streamed;
    expect(text).toMatch(/event: OrderRequested[^]*event: OrderCompleted/);
    const ids = [...text.matchAll(/^id: (.*)$/gm)].map((match) => match[1] ?? '');
    const resumed = await fetch(`${api.url}/orders/${id}/stream`, {
      headers: { 'Last-Event-ID': ids[0] ?? '' },
    });
    const rest = await resumed.text();
    expect(rest).toContain('OrderCompleted');
    expect(rest).not.toContain('OrderRequested');
    const over = await fetch(`${api.url}/orders/${id}/stream`, {
      headers: { 'Last-Event-ID': ids[1] ?? '' },
    });
    expect(over.status).toBe(204);
  });

  it('refuses one stream more than STREAMS_MAX, until one is closed', async () => {
    const id = `${run}-streams`;
    await ask(id);
    const narrow = await start(readConfig(apiEnvironment({ STREAMS_MAX: '1' })));
    const path = `/orders/${id}/stream`;
    const open = async () => {
      const reader = new AbortController();
      const { status } = await fetch(`${narrow.url}${path}`, { signal: reader.signal });
      return { status, close: () => reader.abort() };
    };
    const first = await open();
    expect(first.status).toBe(200);
    const { status, headers, body } = await read(path, { from: narrow });
    expect([status, body['error'], headers.get('retry-after')]).toEqual([503, 'TOO_MANY_STREAMS', '5']);
    first.close();
    const next = await eventually(async () => {
      const opened = await open();
      expect(opened.status).toBe(200);
      return opened;
    });
    next.close();
    await narrow.stop();
  });

  it('holds no stream open for HEAD', async () => {
    const { status, headers } = await fetch(`${api.url}/orders/${run}-head/stream`, { method: 'HEAD' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('shows a buyer their own orders only', async () => {
    const [mine, theirs] = [await tokenOf('ann'), await tokenOf('bob')];
    const id = `${run}-mine`;
    await ask(`ann:${id}`, 1, 'ann');
    const own = { headers: { authorization: `Bearer ${mine}` }, from: guarded };
    const other = { headers: { authorization: `Bearer ${theirs}` }, from: guarded };
    await eventually(async () => {
      const { status, headers, body } = await read(`/orders/${id}`, own);
      expect([status, body['request_id'], body['user_id']]).toEqual([200, id, 'ann']);
      expect(headers.get('vary')).toBe('Authorization');
    });
    await eventually(async () => expect((await read(`/orders/${id}`, other)).status).toBe(404));
    for (const path of ['/timeline', '/stream']) {
      expect((await read(`/orders/${id}${path}`, other)).status).toBe(404);
    }
    expect((await read(`/orders/${id}`, { from: guarded })).status).toBe(401);
    expect((await read('/users/ann/orders', other)).status).toBe(404);
  }, 90_000);

  it('shows dead letters to operators only', async () => {
    expect((await read('/admin/dlq')).status).toBe(401);
    const { status, body } = await read('/admin/dlq', {
      headers: { authorization: 'Bearer operators-only' },
    });
    expect(status).toBe(200);
    expect(Array.isArray(body['letters'])).toBe(true);
  });

  it('documents itself, and names every fault of a query', async () => {
    expect((await read('/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
    const { status, body } = await read('/orders/x?wait=soon&as_of=never');
    expect(status).toBe(400);
    expect((body['errors'] as { field: string }[]).map(({ field }) => field)).toEqual(['wait', 'as_of']);
  });

  it('answers two thousand clients that wait for one order', async () => {
    const id = `${run}-crowd`;
    await ask(id);
    const answers: string[] = [];
    const answeredAtMs: number[] = [];
    const target = new URL(api.url);
    const sockets: Socket[] = [];
    for (let opened = 0; opened < 2_000; opened += 1) {
      const socket = await openReader(target, (answer) => {
        answers.push(answer);
        answeredAtMs.push(performance.now());
      });
      socket.write(requestText(target, `/orders/${id}?wait=30s`));
      sockets.push(socket);
    }
    await eventually(
      async () => {
        const metrics = await (await fetch(`${api.url}/metrics`)).text();
        expect(/query_api_waiters\{.*\} (\d+)/.exec(metrics)?.[1]).toBe('2000');
      },
      { withinMs: 25_000 },
    );
    await sell(id);
    await eventually(() => expect(answers).toHaveLength(2_000), { withinMs: 25_000 });
    for (const socket of sockets) socket.destroy();
    expect(answers.filter((answer) => !answer.includes('"status":"COMPLETED"'))).toEqual([]);
    const bodies = new Set(answers.map((answer) => answer.slice(answer.indexOf('\r\n\r\n'))));
    expect(bodies.size).toBe(1);
    process.stderr.write(
      `2,000 waiters: first to last answer ${Math.round(Math.max(...answeredAtMs) - Math.min(...answeredAtMs))} ms\n`,
    );
  }, 90_000);
});
