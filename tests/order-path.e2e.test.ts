import { randomUUID } from 'node:crypto';
import { Client } from '../bench/demo/client';
import { eventually } from './support/eventually';
import { startSystem, type ServerName, type ServiceName, type TestSystem } from './support/system';

let system: TestSystem;
let commands: Client;
let queries: Client;

beforeAll(async () => {
  system = await startSystem({ PAYMENT_DECLINE_RATE: '0', REFUSAL_DETAIL: 'true' });
  commands = new Client(system.commandUrl, 64);
  queries = new Client(system.queryUrl, 64);
}, 180_000);

afterAll(async () => {
  commands.close();
  queries.close();
  await system.stop();
}, 60_000);

const stock = async (delta: number): Promise<string> => {
  const itemId = `item-${randomUUID()}`;
  const answer = await commands.post(
    '/commands/adjust-stock',
    { item_id: itemId, delta, reason: 'test', command_id: randomUUID() },
    { Authorization: `Bearer ${system.adminToken}` },
  );
  expect(answer).toMatchObject({ status: 202 });
  return itemId;
};

const buy = async (itemId: string, amount: number, requestId: string = randomUUID()): Promise<string> => {
  const body = { user_id: 'ann', item_id: itemId, amount, request_id: requestId };
  const answer = await commands.post('/commands/buy', body);
  expect(answer).toMatchObject({ status: 202, body: { status: 'PENDING', request_id: requestId } });
  return requestId;
};

const status = async (requestId: string): Promise<unknown> => {
  const answer = await queries.get(`/orders/${requestId}?wait=30s`);
  return answer.status === 200 ? answer.body['status'] : answer;
};

const item = async (itemId: string): Promise<unknown> => (await queries.get(`/items/${itemId}`)).body;

describe('an order', () => {
  it('for 3 of 10 is completed and leaves 7; the next one for 8 is sold out', async () => {
    const shoe = await stock(10);
    expect(await status(await buy(shoe, 3))).toBe('COMPLETED');
    await eventually(async () =>
      expect(await item(shoe)).toMatchObject({ stocked: 10, sold: 3, available: 7, pending: 0 }),
    );
    const tooMany = await buy(shoe, 8);
    expect(await status(tooMany)).toBe('FAILED_SOLD_OUT');
    const { body } = await queries.get(`/orders/${tooMany}/timeline`);
    expect(body['events']).toMatchObject([
      { type: 'OrderRequested' },
      { type: 'OrderFailed', detail: 'asked for 8, 7 left' },
    ]);
    expect(await status(await buy(shoe, 7))).toBe('COMPLETED');
  });

  it('for an item that was never stocked fails with its reason', async () => {
    expect(await status(await buy(`nothing-${randomUUID()}`, 1))).toBe('FAILED_UNKNOWN_ITEM');
  });

  it('is never "not found" once it was answered 202', async () => {
    const shoe = await stock(1_000);
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => (await queries.get(`/orders/${await buy(shoe, 1)}`)).status),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  it('tells its timeline with the places in the log and one correlation id', async () => {
    const shoe = await stock(1);
    const requestId = randomUUID();
    await commands.post(
      '/commands/buy',
      { user_id: 'ann', item_id: shoe, amount: 1, request_id: requestId },
      { 'X-Correlation-ID': 'the-way-of-one-order' },
    );
    expect(await status(requestId)).toBe('COMPLETED');
    const { body } = await queries.get(`/orders/${requestId}/timeline`);
    expect(body['events']).toMatchObject([
      { type: 'OrderRequested', correlation_id: 'the-way-of-one-order', topic: 'order-requests' },
      { type: 'OrderCompleted', correlation_id: 'the-way-of-one-order', topic: 'order-outcomes' },
    ]);
  });

  it('pressed twice is one order', async () => {
    const shoe = await stock(10);
    const requestId = await buy(shoe, 2);
    const again = await commands.post('/commands/buy', {
      user_id: 'ann',
      item_id: shoe,
      amount: 2,
      request_id: requestId,
    });
    expect(again.status).toBe(409);
    expect(await status(requestId)).toBe('COMPLETED');
    await eventually(async () => expect(await item(shoe)).toMatchObject({ sold: 2 }));
  });
});

describe('a service that was killed', () => {
  const placeOrdersWhileDown = async (name: ServiceName): Promise<readonly unknown[]> => {
    const shoe = await stock(100);
    await system.process(name).kill('SIGKILL');
    const placed = await Promise.all(Array.from({ length: 200 }, () => buy(shoe, 1)));
    await system.restart(name);
    return Promise.all(placed.map(status));
  };

  it.each(['saga', 'projector'] as const)(
    '(%s) decides and shows all 200 orders when it is back',
    async (name) => {
      const statuses = await placeOrdersWhileDown(name);
      expect(statuses.filter((one) => one === 'COMPLETED')).toHaveLength(100);
      expect(statuses.filter((one) => one === 'FAILED_SOLD_OUT')).toHaveLength(100);
    },
  );

  it.each(['saga', 'projector', 'query-api', 'command-api'] as const)(
    '(%s) stops on SIGTERM and serves again when it is back',
    async (name) => {
      await system.process(name).stop();
      await system.restart(name);
      await eventually(async () => expect((await fetch(`${system.commandUrl}/readyz`)).status).toBe(200));
    },
  );
});

describe('a projector that stands still', () => {
  it('leaves an order PENDING, never 404, and the answer says how stale it is, until it goes on', async () => {
    const shoe = await stock(1);
    const projector = system.process('projector');
    const requestId = randomUUID();
    const wrong: unknown[] = [];
    await projector.kill('SIGSTOP');
    try {
      await buy(shoe, 1, requestId);
      await eventually(
        async () => {
          const answer = await queries.get(`/orders/${requestId}`);
          if (answer.status !== 200 || answer.body['status'] !== 'PENDING') wrong.push(answer);
          expect(answer.body).toMatchObject({ stale: true });
          expect(answer.body['lag_ms']).toBeGreaterThan(1_000);
        },
        { withinMs: 20_000 },
      );
      expect(wrong).toEqual([]);
    } finally {
      await projector.kill('SIGCONT');
    }
    expect(await status(requestId)).toBe('COMPLETED');
  });
});

describe('the health of each process', () => {
  const healthOf = async (name: ServiceName): Promise<unknown> => {
    const { url } = system.process(name);
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) })).json();
  };
  const users: readonly (readonly [ServerName, ServiceName])[] = [
    ['redis', 'command-api'],
    ['redis', 'saga'],
    ['postgres', 'query-api'],
    ['postgres', 'projector'],
    ['kafka', 'command-api'],
    ['kafka', 'saga'],
    ['kafka', 'projector'],
  ];

  const answers = (
    service: ServiceName,
    name: ServerName,
    wanted: 'up' | 'down',
    withinMs: number,
  ): Promise<void> =>
    eventually(
      async () =>
        expect(await healthOf(service)).toMatchObject({ dependencies: { [name]: { status: wanted } } }),
      { withinMs },
    );

  it.each(['redis', 'postgres', 'kafka'] as const)(
    'names %s within 5 s of its stop and recovers by itself',
    async (name) => {
      const asked = users.filter(([dependency]) => dependency === name).map(([, service]) => service);
      const startAgain = await system.stopServer(name);
      await Promise.all(asked.map((service) => answers(service, name, 'down', 5_000)));
      await startAgain();
      await Promise.all(asked.map((service) => answers(service, name, 'up', 60_000)));
      // The breaker may still be half open when the dependency is up; a buyer would press again as well.
      await eventually(async () => expect(await status(await buy(await stock(1), 1))).toBe('COMPLETED'), {
        withinMs: 40_000,
      });
    },
    150_000,
  );
});
