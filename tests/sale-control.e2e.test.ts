import { randomUUID } from 'node:crypto';
import { Client } from '../bench/demo/client';
import { readRun } from '../bench/demo/read-run';
import { kafkaConnection } from '../chassis/kafka/connection';
import { createLogProducer } from '../chassis/kafka/producer';
import { createLogReader } from '../chassis/kafka/reader';
import { createEventCodec } from '../schemas/event-codec';
import type { OrderRequested } from '../schemas/events';
import { toRecord } from '../schemas/new-record';
import { topics } from '../schemas/topics';
import { openApiDocument } from '../query-api/openapi-document';
import { startTestCommandApi } from './support/command-api';
import { eventually } from './support/eventually';
import { createCheckAnswer } from './support/openapi-check';
import { startSystem, type TestSystem } from './support/system';

/** `make test-sale` asks for 1,000 orders a second; every test run for what a busy machine can do. */
const ordersPerSecond = Number(process.env['SALE_RATE'] ?? 100);
const secondsBefore = 3;
const secondsAfter = 2.5;
const secondsMax = 30;

let system: TestSystem;
let commands: Client;
/** Operators have connections of their own, so that a command does not queue behind a thousand presses. */
let operators: Client;
let queries: Client;

beforeAll(async () => {
  system = await startSystem({ PAYMENT_DECLINE_RATE: '0', CIRCUIT_BREAKER_BASE_TIMEOUT: '1s' });
  commands = new Client(system.commandUrl, 512);
  operators = new Client(system.commandUrl, 4);
  queries = new Client(system.queryUrl, 64);
}, 240_000);

afterAll(async () => {
  commands.close();
  operators.close();
  queries.close();
  await system.stop();
}, 60_000);

const order = (path: string, body: object): ReturnType<Client['post']> =>
  operators.post(
    path,
    { command_id: randomUUID(), ...body },
    { Authorization: `Bearer ${system.adminToken}` },
  );
const stock = async (itemId: string, delta: number): Promise<void> => {
  const answer = await order('/commands/adjust-stock', { item_id: itemId, delta, reason: 'test' });
  expect(answer).toMatchObject({ status: 202, body: { status: 'ACCEPTED' } });
};
const changeSale = (itemId: string, action: string, more: object = {}): ReturnType<Client['post']> =>
  order('/commands/sale', { item_id: itemId, action, ...more });
const buy = (itemId: string, requestId: string = randomUUID()): ReturnType<Client['post']> =>
  commands.post('/commands/buy', { user_id: 'ann', item_id: itemId, amount: 1, request_id: requestId });
const status = async (requestId: string): Promise<unknown> =>
  (await queries.get(`/orders/${requestId}?wait=30s`)).body['status'];
const shown = async (itemId: string): Promise<Record<string, unknown>> =>
  (await queries.get(`/items/${itemId}`)).body;

/** As a command API does that has not heard of a change of the sale yet. */
const appendOrder = async (requestId: string, itemId: string): Promise<void> => {
  const { variables } = system.infrastructure;
  const codec = await createEventCodec({ registryUrl: variables.SCHEMA_REGISTRY_URL });
  const event: OrderRequested = {
    type: 'OrderRequested',
    request_id: requestId,
    user_id: 'ann',
    item_id: itemId,
    amount: 1,
    requested_at: Date.now(),
    sales_channel: null,
  };
  const metadata = {
    event_id: requestId,
    correlation_id: requestId,
    causation_id: requestId,
    source: 'test',
  };
  const connection = kafkaConnection({ brokers: variables.KAFKA_BROKERS.split(','), clientId: 'test' });
  const producer = await createLogProducer(connection);
  const outcome = await producer.send(toRecord(codec, topics.orderRequests.name, event, metadata));
  await producer.stop(5_000);
  expect(outcome).toMatchObject({ kind: 'acked' });
};

const check = createCheckAnswer(openApiDocument('none'));

/** Operators' reads, whose answers are what the API's document says; the demo's client sends no headers with a GET. */
const listAdmin = async (
  query: string,
  token = system.adminToken,
): Promise<{
  readonly status: number;
  readonly body: { readonly orders: unknown; readonly error?: string };
}> => {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`${system.queryUrl}/admin/orders?${query}`, { headers });
  const answer = { status: response.status, headers: response.headers, text: await response.text() };
  expect(check('GET', '/admin/orders', answer)).toEqual([]);
  return { status: answer.status, body: JSON.parse(answer.text) as { orders: unknown; error?: string } };
};

interface Press {
  readonly id: string;
  readonly status: number;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** Presses at a steady rate, whether or not the ones before are answered, until an instant that is known later. */
const pressUntil = async (
  itemId: string,
  runId: string,
  endsAtMs: () => number,
): Promise<readonly Press[]> => {
  const startedAtMs = performance.now();
  const all: Promise<Press>[] = [];
  const lastMs = startedAtMs + secondsMax * 1000;
  while (performance.now() < Math.min(endsAtMs(), lastMs)) {
    const due = Math.ceil(((performance.now() - startedAtMs) / 1000) * ordersPerSecond);
    while (all.length < due) {
      const id = `${runId}-${all.length}`;
      const sentAtMs = performance.now();
      all.push(
        buy(itemId, id).then((answer) => ({
          id,
          status: answer.status,
          sentAtMs,
          answeredAtMs: performance.now(),
        })),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return Promise.all(all);
};

/** Append times by the log: of each order of the run, and of the item's one change of its sale. */
const readTimes = async (
  runId: string,
): Promise<{
  orders: ReadonlyMap<string, number>;
  pausedAtMs: number;
  outcomes: ReadonlyMap<string, string>;
}> => {
  const { variables } = system.infrastructure;
  const reader = createLogReader(
    kafkaConnection({ brokers: variables.KAFKA_BROKERS.split(','), clientId: 'test' }),
  );
  const codec = await createEventCodec({
    registryUrl: variables.SCHEMA_REGISTRY_URL,
  });
  const orders = new Map<string, number>();
  let pausedAtMs = Infinity;
  await reader.read({
    topic: topics.orderRequests.name,
    onRecords: (records) => {
      for (const { key, appendedAtMs } of records) orders.set(key?.toString() ?? '', appendedAtMs);
    },
  });
  await reader.read({
    topic: topics.stockAdjustments.name,
    onRecords: (records) => {
      for (const { value, key, appendedAtMs } of records) {
        const decoded = codec.decode(topics.stockAdjustments.name, value);
        const isOurs = key?.toString() === `item-${runId}`;
        if (isOurs && decoded.kind === 'event' && decoded.event.type === 'SaleChanged')
          pausedAtMs = appendedAtMs;
      }
    },
  });
  const run = await readRun(reader, codec, runId);
  const outcomes = new Map(
    run.outcomes.map((it) => [it.request_id, it.type === 'OrderCompleted' ? 'COMPLETED' : it.reason]),
  );
  return { orders, pausedAtMs, outcomes };
};

describe('the sale of an item', () => {
  it('goes through its states at the API, and shows them', async () => {
    const item = `item-${randomUUID()}`;
    await stock(item, 10);
    const opensAt = new Date(Date.now() + 3_600_000).toISOString();
    expect(await changeSale(item, 'schedule', { opens_at: opensAt })).toMatchObject({ status: 202 });
    const early = await buy(item);
    expect(early).toMatchObject({ status: 425, body: { error: 'SALE_NOT_OPEN', opens_at: opensAt } });
    await eventually(async () =>
      expect(await shown(item)).toMatchObject({
        version: 1,
        sale: { state: 'SCHEDULED', opens_at: opensAt, closes_at: null, version: 1 },
        server_time: expect.any(String),
      }),
    );
    expect(await changeSale(item, 'resume')).toMatchObject({
      status: 409,
      body: { error: 'ILLEGAL_TRANSITION' },
    });
    expect(await changeSale(item, 'open')).toMatchObject({ status: 202 });
    const sold = randomUUID();
    expect(await buy(item, sold)).toMatchObject({ status: 202 });
    expect(await status(sold)).toBe('COMPLETED');
    expect(await changeSale(item, 'close')).toMatchObject({ status: 202 });
    expect(await buy(item)).toMatchObject({ status: 410, body: { error: 'SALE_CLOSED' } });
    expect(await buy(item, sold)).toMatchObject({ status: 409, body: { error: 'DUPLICATE' } });
  }, 120_000);

  it('keeps what buyers have when units are taken out, and sells what is added to the rest', async () => {
    const item = `item-${randomUUID()}`;
    await stock(item, 3);
    const sold = randomUUID();
    await buy(item, sold);
    expect(await status(sold)).toBe('COMPLETED');
    const refused = await order('/commands/adjust-stock', { item_id: item, delta: -3, reason: 'lost' });
    expect(refused).toMatchObject({
      status: 409,
      body: { error: 'STOCK_COMMITTED', stocked: 3, sold: 1, reserved: 0, available: 2, asked: -3 },
    });
    const absolute = { item_id: item, quantity: 1, reason: 'counted' };
    const stale = await order('/commands/adjust-stock', { ...absolute, expected_version: 0 });
    expect(stale).toMatchObject({ status: 409, body: { error: 'VERSION_CONFLICT', current_version: 1 } });
    expect(await order('/commands/adjust-stock', { ...absolute, expected_version: 1 })).toMatchObject({
      status: 202,
    });
    await eventually(async () =>
      expect(await shown(item)).toMatchObject({
        stocked: 1,
        sold: 1,
        available: 0,
        shortfall: 0,
        version: 2,
      }),
    );
  }, 120_000);

  it(`paused under ${ordersPerSecond} orders a second takes none later than 1 s after, and each it took is decided`, async () => {
    const runId = randomUUID();
    const item = `item-${runId}`;
    await stock(item, 1_000_000);
    let endsAtMs = Infinity;
    const pressing = pressUntil(item, runId, () => endsAtMs);
    await new Promise((resolve) => setTimeout(resolve, secondsBefore * 1000));
    /** A busy machine may answer 503: the same command is sent again, as an operator would. */
    const command_id = randomUUID();
    await eventually(
      async () => expect(await changeSale(item, 'pause', { command_id })).toMatchObject({ status: 202 }),
      { withinMs: 10_000 },
    );
    const pausedAtMs = performance.now();
    endsAtMs = pausedAtMs + secondsAfter * 1000;
    const presses = await pressing;

    const accepted = presses.filter((press) => press.status === 202);
    const late = presses.filter((press) => press.sentAtMs > pausedAtMs + 1_000);
    expect(accepted.length).toBeGreaterThan(0);
    expect(late.length).toBeGreaterThan(0);
    expect(new Set(late.map((press) => press.status))).toEqual(new Set([425]));
    expect(accepted.filter((press) => press.sentAtMs > pausedAtMs + 1_000)).toEqual([]);

    await eventually(async () => expect(await shown(item)).toMatchObject({ pending: 0 }), {
      withinMs: 60_000,
    });
    const log = await readTimes(runId);
    const undecided = accepted.filter(({ id }) => !log.outcomes.has(id));
    expect(undecided).toEqual([]);
    const wrong = accepted.filter(({ id }) => {
      const wasPaused = (log.orders.get(id) ?? 0) >= log.pausedAtMs;
      return log.outcomes.get(id) !== (wasPaused ? 'SALE_CLOSED' : 'COMPLETED');
    });
    expect(wrong).toEqual([]);
    // By the log's own clock: an order was pressed no earlier than its append time less what its answer took in all.
    const lateInLog = accepted.filter(({ id, sentAtMs, answeredAtMs }) => {
      const pressedAtMs = (log.orders.get(id) ?? Infinity) - (answeredAtMs - sentAtMs);
      return pressedAtMs > log.pausedAtMs + 1_000;
    });
    expect(lateInLog).toEqual([]);
    const refused = accepted.filter(({ id }) => log.outcomes.get(id) === 'SALE_CLOSED').length;
    const last = Math.max(...accepted.map((press) => press.answeredAtMs));
    process.stderr.write(
      `${presses.length} presses, ${accepted.length} accepted, last one answered ${Math.round(last - pausedAtMs)} ms after the pause; ${refused} of them FAILED_SALE_CLOSED\n`,
    );
  }, 180_000);
});

describe('a change of a sale', () => {
  it('is known to every command API', async () => {
    const item = `item-${randomUUID()}`;
    await stock(item, 10);
    const other = await startTestCommandApi({ ...system.infrastructure.variables });
    const buyThere = async (): Promise<unknown> =>
      (await other.buy({ user_id: 'ann', item_id: item, amount: 1, request_id: randomUUID() })).status;
    expect(await buyThere()).toBe(202);
    for (const [action, answer] of [
      ['pause', 425],
      ['resume', 202],
      ['close', 410],
    ] as const) {
      expect(await changeSale(item, action)).toMatchObject({ status: 202 });
      await eventually(async () => expect(await buyThere()).toBe(answer));
    }
    await other.running.stop();
  }, 120_000);

  it('refuses an order that gets into the log behind a close', async () => {
    const item = `item-${randomUUID()}`;
    await stock(item, 10);
    expect(await changeSale(item, 'close')).toMatchObject({ status: 202 });
    const requestId = randomUUID();
    await appendOrder(requestId, item);
    await eventually(async () => expect(await status(requestId)).toBe('FAILED_SALE_CLOSED'), {
      withinMs: 60_000,
    });
  }, 120_000);
});

describe('an order that nobody decides', () => {
  it('is listed for operators with where it stands, and is gone when it is decided', async () => {
    const item = `item-${randomUUID()}`;
    await stock(item, 5);
    await system.process('saga').stop();
    const stuck = randomUUID();
    expect(await buy(item, stuck)).toMatchObject({ status: 202 });
    const list = async (query: string): Promise<unknown> => (await listAdmin(query)).body.orders;
    await eventually(async () =>
      expect(await list('state=PENDING&older_than=0s')).toMatchObject([
        { key: stuck, item_id: item, status: 'PENDING', step: 'WAITS_FOR_DECISION', attempts: null },
      ]),
    );
    expect(await list('older_than=1h')).toEqual([]);
    expect(await listAdmin('', 'a guess')).toMatchObject({ status: 401, body: { error: 'UNAUTHORIZED' } });
    expect(await listAdmin('older_than=soon&limit=0')).toMatchObject({ status: 400 });
    await system.restart('saga');
    expect(await status(stuck)).toBe('COMPLETED');
    await eventually(async () => expect(await list('state=PENDING')).toEqual([]));
  }, 120_000);

  it('waits for its payment while the provider is away, and is listed with how often it was tried', async () => {
    const item = `item-${randomUUID()}`;
    await stock(item, 5);
    await system.process('payment-simulator').stop();
    const unpaid = randomUUID();
    expect(await buy(item, unpaid)).toMatchObject({ status: 202 });
    await eventually(
      async () =>
        expect((await listAdmin('state=PENDING')).body.orders).toMatchObject([
          {
            key: unpaid,
            step: 'WAITS_FOR_PAYMENT',
            attempts: 1,
            last_error: { reason: 'PAYMENT_UNKNOWN' },
          },
        ]),
      { withinMs: 60_000 },
    );
    await system.restart('payment-simulator');
    await eventually(async () => expect(await status(unpaid)).toBe('COMPLETED'), { withinMs: 60_000 });
  }, 180_000);
});
