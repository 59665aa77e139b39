import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnection } from '../chassis/kafka/connection';
import { parsePosition, type LogRecord } from '../chassis/kafka/log';
import { createLogReader } from '../chassis/kafka/reader';
import { silentLog } from '../chassis/log';
import { readSamples, sum } from '../chassis/metric-samples';
import { connectRedis, redisReady } from '../chassis/redis';
import { acceptedOrderKey, readAcceptedOrder } from '../schemas/accepted-order';
import { createEventCodec } from '../schemas/event-codec';
import type { DomainEvent } from '../schemas/events';
import { readMetadata } from '../schemas/headers';
import type { TopicName } from '../schemas/topics';
import {
  adminToken,
  someOrder,
  startTestCommandApi,
  type TestCommandApi,
} from '../tests/support/command-api';

const servers = {
  KAFKA_BROKERS: process.env['KAFKA_BROKERS'] ?? '',
  SCHEMA_REGISTRY_URL: process.env['SCHEMA_REGISTRY_URL'] ?? '',
  REDIS_URL: process.env['REDIS_URL'] ?? '',
};
const kafka = kafkaConnection({ brokers: servers.KAFKA_BROKERS.split(','), clientId: 'command-api-test' });
const operator = { Authorization: `Bearer ${adminToken}` };
let api: TestCommandApi;

beforeAll(async () => {
  api = await startTestCommandApi();
}, 90_000);
afterAll(() => api.running.stop());

/** What the log has at a place that an answer named. */
const recordAt = async (text: unknown): Promise<LogRecord> => {
  const position = parsePosition(String(text));
  if (!position) throw new Error(`${String(text)} is no position`);
  const { topic, partition, offset } = position;
  const admin = createLogAdmin(kafka);
  const ranges = await admin.ranges(topic);
  await admin.stop();
  // Every other partition is read from its end, which is nothing.
  const from = new Map(ranges.map(({ partition: each, high }) => [each, each === partition ? offset : high]));
  const to = new Map(
    ranges.map(({ partition: each, high }) => [each, each === partition ? offset + 1 : high]),
  );
  const found: LogRecord[] = [];
  await createLogReader(kafka).read({ topic, from, to, onRecords: (records) => void found.push(...records) });
  return found[0]!;
};

const eventAt = async (position: unknown): Promise<DomainEvent> => {
  const codec = await createEventCodec({ registryUrl: servers.SCHEMA_REGISTRY_URL });
  const record = await recordAt(position);
  const decoded = codec.decode(record.topic as TopicName, record.value);
  if (decoded.kind !== 'event') throw new Error(decoded.kind);
  return decoded.event;
};

describe('an order', () => {
  it('is answered 202 and is in the log at the place that the answer names', async () => {
    const order = someOrder({ sales_channel: 'web' });
    const { status, headers, body } = await api.buy(order, {
      'X-Correlation-ID': 'c-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    expect(status).toBe(202);
    const url = `/orders/${String(order['request_id'])}`;
    expect(body).toMatchObject({
      status: 'PENDING',
      request_id: order['request_id'],
      correlation_id: 'c-1',
      status_url: url,
    });
    expect(headers.get('location')).toBe(url);
    expect(headers.get('x-correlation-id')).toBe('c-1');
    expect(headers.get('ratelimit')).toBe('"buy";r=59;t=60');
    expect(headers.get('ratelimit-policy')).toBe('"buy";q=60;w=60');

    expect(await eventAt(body['position'])).toMatchObject({
      type: 'OrderRequested',
      ...order,
      sales_channel: 'WEB',
    });
    const record = await recordAt(body['position']);
    expect(record.key?.toString()).toBe(order['request_id']);
    expect(readMetadata(record)).toMatchObject({
      correlation_id: 'c-1',
      source: 'command-api',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
  });

  it('is remembered for the query API by the time it is answered', async () => {
    const order = someOrder();
    const { body } = await api.buy(order);
    const redis = connectRedis(servers.REDIS_URL, silentLog);
    await redisReady(redis, 5_000);
    const requestId = String(order['request_id']);
    const key = acceptedOrderKey(api.saleId, requestId);
    expect(readAcceptedOrder(requestId, (await redis.get(key)) ?? '')).toEqual({
      ...order,
      correlation_id: body['correlation_id'],
      position: parsePosition(String(body['position'])),
      requested_at: expect.closeTo(Date.now(), -4) as unknown,
    });
    expect(await redis.pttl(key)).toBeGreaterThan(590_000);
    redis.disconnect();
  });

  it('sent twice is one order; the repeat is told where the first answer is', async () => {
    const order = someOrder();
    const first = await api.buy(order);
    const repeat = await api.buy(order, { 'X-Correlation-ID': 'another' });
    expect(repeat.status).toBe(409);
    expect(repeat.body).toMatchObject({
      error: 'DUPLICATE',
      correlation_id: first.body['correlation_id'],
      request_id: order['request_id'],
      position: first.body['position'],
    });
    expect(repeat.headers.get('location')).toBe(first.headers.get('location'));
    expect(repeat.headers.get('x-correlation-id')).toBe('another');
  });

  it('sent twice with an Idempotency-Key gets the first answer twice', async () => {
    const order = someOrder();
    const key = { 'Idempotency-Key': `"${randomUUID()}"` };
    const first = await api.buy(order, key);
    const repeat = await api.buy(order, key);
    expect([first.status, repeat.status]).toEqual([202, 202]);
    expect(repeat.text).toBe(first.text);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(repeat.headers.get('idempotency-replayed')).toBe('true');
  });

  it('with the id of another order is refused', async () => {
    const order = someOrder();
    await api.buy(order);
    const other = await api.buy({ ...order, amount: 2 });
    expect(other).toMatchObject({ status: 422, body: { error: 'PAYLOAD_MISMATCH' } });
    const key = { 'Idempotency-Key': randomUUID() };
    await api.buy(someOrder(), key);
    expect((await api.buy(someOrder(), key)).status).toBe(422);
  });

  it('may use camelCase, a query string and a slash at the end', async () => {
    const camelCase = { userId: 'alice', itemId: 'shoe-42', amount: 1, requestId: randomUUID() };
    expect((await api.buy(camelCase)).status).toBe(202);
    expect((await api.post('/commands/buy?source=mail', someOrder())).status).toBe(202);
    expect((await api.post('/commands/buy/', someOrder())).status).toBe(202);
  });

  it('beyond the limit of its user is refused, and burns nothing', async () => {
    const limited = await startTestCommandApi({ RATE_LIMIT_MAX_REQUESTS: '2', RATE_LIMIT_WINDOW: '30s' });
    const user = { user_id: 'alice' };
    await limited.buy(someOrder(user));
    await limited.buy(someOrder(user));
    const third = someOrder(user);
    const refused = await limited.buy(third);
    expect(refused).toMatchObject({ status: 429, body: { error: 'RATE_LIMITED' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(25);
    expect(refused.headers.get('ratelimit')).toMatch(/^"buy";r=0;t=\d+$/);
    expect((await limited.buy({ ...third, user_id: 'bob' })).status).toBe(202);
    const invalid = { ...someOrder(user), amount: 0 };
    expect((await limited.buy(invalid)).status).toBe(400);
    await limited.running.stop();
  });
});

describe('a request that is not one', () => {
  const valid = JSON.stringify(someOrder());
  it.each<[string, number, string, string | Uint8Array]>([
    ['an empty body', 400, 'MALFORMED', ''],
    ['malformed JSON', 400, 'MALFORMED', '{"user_id":'],
    ['no object', 400, 'MALFORMED', '[1]'],
    ['a member given twice', 400, 'MALFORMED', valid.replace('{', '{"amount":1,')],
    ['bytes that are not UTF-8', 400, 'MALFORMED', new Uint8Array([0x22, 0xff, 0x22])],
    ['deep nesting', 400, 'MALFORMED', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['a NUL in its id', 400, 'VALIDATION_FAILED', valid.replace('"request_id":"', '"request_id":"\\u0000')],
    ['another prototype', 400, 'VALIDATION_FAILED', valid.replace('{', '{"__proto__":{"admin":true},')],
    ['an unknown member', 400, 'VALIDATION_FAILED', valid.replace('{', '{"price":0,')],
    ['17 KiB', 413, 'TOO_LARGE', valid.replace('{', `{${' '.repeat(17_000)}`)],
    ['10 MB', 413, 'TOO_LARGE', `{"a":"${'x'.repeat(10_000_000)}"}`],
  ])('because of %s is answered %i %s', async (_, status, error, body) => {
    expect(await api.buy(body)).toMatchObject({ status, body: { error } });
  });

  it('is told all faults at once, by field', async () => {
    const { status, body } = await api.buy({ user_id: 'a b', amount: 0 }, { 'Idempotency-Key': '' });
    expect(status).toBe(400);
    const errors = body['errors'] as { field: string; message: string }[];
    expect(errors.map(({ field }) => field)).toEqual([
      'Idempotency-Key',
      'user_id',
      'item_id',
      'amount',
      'request_id',
    ]);
  });

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/json; charset=utf-16', {}],
    ['application/json', { 'Content-Encoding': 'gzip' }],
  ])('because it is %s %j is answered 415', async (type, headers) => {
    const body = 'Content-Encoding' in headers ? gzipSync(valid) : valid;
    expect((await api.buy(body, { 'Content-Type': type, ...headers })).status).toBe(415);
  });

  it('by its method or path is answered 405 or 404', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await api.request(method, '/commands/buy');
      expect(answer).toMatchObject({ status: 405, body: { error: 'METHOD_NOT_ALLOWED' } });
      expect(answer.headers.get('allow')).toBe('POST');
    }
    for (const path of ['/commands', '/commands/buyy', '//commands/buy', '/COMMANDS/BUY', '/']) {
      expect(await api.post(path, someOrder())).toMatchObject({ status: 404, body: { error: 'NOT_FOUND' } });
    }
    expect((await api.post('/livez', {})).status).toBe(405);
  });

  it('has no header echoed that could split an answer', async () => {
    const hostile = 'a"b<script>';
    const { headers } = await api.buy(someOrder(), { 'X-Correlation-ID': hostile });
    expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('that never ends is cut off, without taking memory', async () => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write('POST /commands/buy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
    socket.write('Transfer-Encoding: chunked\r\n\r\n');
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    const feeding = setInterval(() => socket.write(chunk), 5);
    await closed;
    clearInterval(feeding);
    expect(Buffer.concat(received).toString()).toContain('413 Payload Too Large');
  }, 30_000);
});

describe('an operator', () => {
  const adjustment = (more: object = {}): object => ({
    item_id: `item-${randomUUID()}`,
    delta: 500,
    reason: 'first delivery',
    command_id: randomUUID(),
    ...more,
  });

  it('adjusts stock: an event in the log', async () => {
    const command = adjustment();
    const { status, body } = await api.post('/commands/adjust-stock', command, operator);
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'ACCEPTED' });
    expect(await eventAt(body['position'])).toMatchObject({
      type: 'StockAdjusted',
      ...command,
      actor: 'operator',
    });
  });

  it('who sends a command twice gets one answer twice, and one event', async () => {
    const command = adjustment();
    const first = await api.post('/commands/adjust-stock', command, operator);
    const repeat = await api.post('/commands/adjust-stock', command, operator);
    expect(repeat.text).toBe(first.text);
    expect(repeat.headers.get('idempotency-replayed')).toBe('true');
    const other = await api.post('/commands/adjust-stock', { ...command, delta: 1 }, operator);
    expect(other.status).toBe(422);
  });

  it('sells, pauses and ends a sale: events in the log, and what buyers are told', async () => {
    const itemId = `item-${randomUUID()}`;
    const change = (action: string, more: object = {}): ReturnType<typeof api.post> =>
      api.post('/commands/sale', { item_id: itemId, action, command_id: randomUUID(), ...more }, operator);
    const press = (): ReturnType<typeof api.post> =>
      api.post('/commands/buy', { user_id: 'ann', item_id: itemId, amount: 1, request_id: randomUUID() });

    expect((await press()).status).toBe(202);
    const paused = await change('pause', { reason: 'payments are slow' });
    expect(paused.status).toBe(202);
    expect(await eventAt(paused.body['position'])).toMatchObject({
      type: 'SaleChanged',
      item_id: itemId,
      action: 'PAUSE',
      mode: 'PAUSED',
      expected_version: 0,
    });
    const early = await press();
    expect(early).toMatchObject({ status: 425, body: { error: 'SALE_PAUSED' } });
    expect(early.headers.get('retry-after')).toBe('5');
    expect(await change('pause')).toMatchObject({
      status: 409,
      body: { error: 'ILLEGAL_TRANSITION', sale: { state: 'PAUSED', version: 1 } },
    });
    expect((await change('close')).status).toBe(202);
    expect(await press()).toMatchObject({ status: 410, body: { error: 'SALE_CLOSED' } });
    expect((await change('schedule', { opens_at: Date.now() + 60_000 })).status).toBe(202);
    expect(await press()).toMatchObject({ status: 425, body: { error: 'SALE_NOT_OPEN' } });
  });

  it('who repeats a change of a sale gets the first answer, also when the sale has moved on', async () => {
    const body = { item_id: `item-${randomUUID()}`, action: 'pause', command_id: randomUUID() };
    const first = await api.post('/commands/sale', body, operator);
    await api.post('/commands/sale', { ...body, action: 'close', command_id: randomUUID() }, operator);
    expect((await api.post('/commands/sale', body, operator)).text).toBe(first.text);
  });

  it('sets stock to a quantity, for the version that was seen', async () => {
    const { item_id } = adjustment() as { item_id: string };
    await api.post('/commands/adjust-stock', adjustment({ item_id }), operator);
    const counted = { item_id, quantity: 520, expected_version: 1, reason: 'counted' };
    const set = await api.post('/commands/adjust-stock', { ...counted, command_id: randomUUID() }, operator);
    expect(await eventAt(set.body['position'])).toMatchObject({ delta: 20, expected_version: 1 });
    expect(
      await api.post('/commands/adjust-stock', { ...counted, command_id: randomUUID() }, operator),
    ).toMatchObject({ status: 409, body: { error: 'VERSION_CONFLICT', current_version: 2, stocked: 520 } });
  });

  it('sets and lifts the limit of a buyer', async () => {
    const said = { actor: 'ada', reason: 'fair shares' };
    const command = { item_id: 'shoe-42', units_max: 2, command_id: randomUUID(), ...said };
    const { body } = await api.post('/commands/set-buyer-limit', command, operator);
    expect(await eventAt(body['position'])).toMatchObject({ type: 'BuyerLimitSet', ...command });
    const lifted = { ...command, units_max: null, command_id: randomUUID() };
    expect((await api.post('/commands/set-buyer-limit', lifted, operator)).status).toBe(202);
  });

  it('needs the token, for whatever body', async () => {
    const wrong: Record<string, string>[] = [{}, { Authorization: 'Bearer wrong' }];
    for (const headers of wrong) {
      const answer = await api.post('/commands/adjust-stock', '{', headers);
      expect(answer).toMatchObject({ status: 401, body: { error: 'UNAUTHORIZED' } });
    }
    const off = await startTestCommandApi({ ADMIN_TOKEN: '' });
    const answer = await off.post('/commands/adjust-stock', adjustment(), operator);
    expect(answer).toMatchObject({ status: 403, body: { error: 'ADMIN_OFF' } });
    await off.running.stop();
  });

  it('is told what is wrong', async () => {
    const { status, body } = await api.post('/commands/adjust-stock', { delta: 0 }, operator);
    expect(status).toBe(400);
    expect((body['errors'] as object[]).length).toBe(4);
    expect((await api.post('/commands/adjust-stock', '{', operator)).status).toBe(400);
    const large = `{"a":"${'x'.repeat(20_000)}"}`;
    expect((await api.post('/commands/adjust-stock', large, operator)).status).toBe(413);
    expect((await api.request('GET', '/commands/adjust-stock')).status).toBe(405);
  });
});

describe('the service', () => {
  it('tells its health, its dependencies and its breaker', async () => {
    const { status, body } = await api.request('GET', '/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'up', circuit_breaker_state: 'closed' });
    expect(Object.keys(body['dependencies'] as object)).toEqual(['kafka', 'redis', 'schema-registry']);
    for (const path of ['/livez', '/readyz']) expect((await api.request('GET', path)).status).toBe(200);
  });

  it('counts what becomes of orders, and the delay of its event loop', async () => {
    const read = async (): Promise<(name: string) => number> => {
      const samples = readSamples((await api.request('GET', '/metrics')).text);
      return (name) => sum(samples, name) ?? Number.NaN;
    };
    const before = await read();
    const order = someOrder();
    for (const body of [order, order, { ...order, amount: 2 }, '{']) await api.buy(body);
    const after = await read();
    const grown = (name: string): number => after(name) - before(name);
    expect({
      received: grown('command_api_orders_received_total'),
      accepted: grown('command_api_orders_accepted_total'),
      duplicate: grown('command_api_orders_duplicate_total'),
      mismatch: grown('command_api_orders_payload_mismatch_total'),
      invalid: grown('command_api_orders_validation_failed_total'),
      failed: grown('command_api_orders_failed_total'),
      timed: grown('command_api_request_duration_seconds_count'),
    }).toEqual({ received: 4, accepted: 1, duplicate: 1, mismatch: 1, invalid: 1, failed: 0, timed: 4 });
    expect(after('command_api_circuit_breaker_state')).toBe(0);
    expect(after('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  it('shows its document, and a page that runs under a strict policy', async () => {
    const document = await api.request('GET', '/openapi.json');
    expect(document.body).toMatchObject({ openapi: '3.1.0' });
    const page = await api.request('GET', '/docs');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/<script>|style=|https?:\/\//);
    for (const asset of ['/docs/docs.js', '/docs/docs.css']) {
      expect((await api.request('GET', asset)).status).toBe(200);
    }
  });

  it('sends the headers that keep a browser from being fooled', async () => {
    const { headers } = await api.request('GET', '/health');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect((await api.buy(someOrder())).headers.get('x-content-type-options')).toBe('nosniff');
    const cross = await api.buy(someOrder(), { Origin: 'https://elsewhere.example' });
    expect(cross.headers.get('access-control-allow-origin')).toBeNull();
  });
});
