import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Client as Postgres } from 'pg';
import { Client } from '../bench/demo/client';
import { cliEnvironment, judgeLive, runCli, type CliRun } from './support/cli';
import { eventually } from './support/eventually';
import { startSystem, type TestSystem } from './support/system';

interface Report {
  readonly verdict: string;
  readonly differences: readonly { readonly class: string; readonly key: string }[];
  readonly untold: readonly string[];
}

/** `make test-reconcile` asks for more; every test run for what a busy machine can do. */
const ordersPerSecond = Number(process.env['RECONCILE_RATE'] ?? 50);

let system: TestSystem;
let commands: Client;
let queries: Client;
let redis: Redis;
let postgres: Postgres;
const shoe = `shoe-${randomUUID().slice(0, 8)}`;
const boot = `boot-${randomUUID().slice(0, 8)}`;

const reconcile = (...args: string[]): Promise<CliRun> =>
  runCli(['reconcile', ...args], { environment: cliEnvironment(system) });

const report = async (...args: string[]): Promise<Report & { readonly code: number | null }> => {
  const { code, out } = await reconcile('--json', ...args);
  return { code, ...(JSON.parse(out) as Report) };
};

const stock = async (itemId: string, delta: number): Promise<void> => {
  const body = { item_id: itemId, delta, reason: 'test', command_id: randomUUID() };
  const headers = { Authorization: `Bearer ${system.adminToken}` };
  expect(await commands.post('/commands/adjust-stock', body, headers)).toMatchObject({ status: 202 });
};

const buy = async (itemId: string, amount: number, buyer = 'ann'): Promise<string> => {
  const requestId = randomUUID();
  const body = { user_id: buyer, item_id: itemId, amount, request_id: requestId };
  expect(await commands.post('/commands/buy', body)).toMatchObject({ status: 202 });
  return requestId;
};

/** Presses at a steady rate, whether or not those before are answered. A busy machine may answer 503. */
const pressUntil = async (signal: AbortSignal): Promise<{ accepted: number; seconds: number }> => {
  const startedAtMs = performance.now();
  const seconds = (): number => (performance.now() - startedAtMs) / 1000;
  const presses: Promise<number>[] = [];
  while (!signal.aborted) {
    while (presses.length < seconds() * ordersPerSecond) {
      const body = {
        user_id: `buyer-${presses.length % 100}`,
        item_id: shoe,
        amount: 1,
        request_id: randomUUID(),
      };
      presses.push(commands.post('/commands/buy', body).then(({ status }) => status));
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const took = seconds();
  const statuses = await Promise.all(presses);
  expect(statuses.filter((status) => status !== 202 && status !== 503)).toEqual([]);
  return { accepted: statuses.filter((status) => status === 202).length, seconds: took };
};

const decided = async (itemId: string, amount: number): Promise<{ id: string; status: unknown }> => {
  const id = await buy(itemId, amount);
  return { id, status: (await queries.get(`/orders/${id}?wait=30s`)).body['status'] };
};

const generation = async (): Promise<string> => `{sale}:e${await redis.hget('{sale}:cur', 'epoch')}:`;

const charge = async (paymentKey: string, requestId: string): Promise<void> => {
  const answer = await fetch(`${system.process('payment-simulator').url}/charges`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': encodeURIComponent(paymentKey) },
    body: JSON.stringify({ request_id: requestId, user_id: 'ann', item_id: boot, amount: 1 }),
  });
  expect(answer.status).toBe(201);
};

beforeAll(async () => {
  system = await startSystem({ PAYMENT_DECLINE_RATE: '0', PAYMENT_LATENCY: '50ms' });
  commands = new Client(system.commandUrl, 64);
  queries = new Client(system.queryUrl, 64);
  const { REDIS_URL, DATABASE_URL } = system.infrastructure.variables;
  redis = new Redis(REDIS_URL);
  postgres = new Postgres({ connectionString: DATABASE_URL });
  await postgres.connect();
  await stock(shoe, 1_000_000);
  await stock(boot, 10);
}, 300_000);

afterAll(async () => {
  redis.disconnect();
  await postgres.end();
  commands.close();
  queries.close();
  await system.stop();
}, 60_000);

describe('reconcile', () => {
  it('reports nothing in three runs while orders keep coming', async () => {
    const stopping = new AbortController();
    const pressing = pressUntil(stopping.signal);
    try {
      for (let run = 0; run < 3; run += 1) {
        expect(await report()).toMatchObject({ verdict: 'clean', differences: [], untold: [], code: 0 });
      }
      expect(await judgeLive(system)).toMatchObject({
        code: 0,
        out: expect.stringContaining('verdict: clean'),
      });
    } finally {
      stopping.abort();
    }
    const { accepted, seconds } = await pressing;
    process.stderr.write(`${accepted} orders accepted in ${Math.round(seconds)} s\n`);
    expect(accepted).toBeGreaterThan(50);
  }, 600_000);

  describe('with every class of difference injected', () => {
    let expected: readonly (readonly [name: string, key: string])[] = [];

    const injectIntoRedis = async (contradicted: string, forgotten: string): Promise<void> => {
      const own = await generation();
      await redis.hincrby(`${own}stock:${shoe}`, 'sold', 3);
      await redis.hincrby(`${own}stock:${boot}`, 'avail', -2);
      await redis.hincrby(`${own}stock:${boot}`, 'reserved', 2);
      await redis.set(`${own}order:ghost`, `R|${Date.now()}|ann|${boot}|1|`);
      const record = (await redis.get(`${own}order:${contradicted}`)) ?? '';
      await redis.set(
        `${own}order:${contradicted}`,
        `F${record.slice(1, record.lastIndexOf('|') + 1)}PAYMENT`,
      );
      await redis.del(`${own}order:${forgotten}`);
      await redis.incrby(`${own}buyer:${boot}:ann`, 5);
      await redis.sadd(`${own}commands`, 'never-ordered');
      await redis.set(`${own}order:nobody`, `F|${Date.now()}|ann|${boot}|1|SOLD_OUT`);
    };

    const injectIntoPostgres = async (lost: string, wrong: string, other: string): Promise<void> => {
      await postgres.query(
        `insert into views.orders select (jsonb_populate_record(o, '{"request_id":"nobody"}')).*
          from views.orders o where request_id = $1`,
        [other],
      );
      await postgres.query('update views.orders set amount = amount + 1 where request_id = $1', [other]);
      await postgres.query(`insert into views.dead_letters (source_topic, source_partition, source_offset, partition,
          "offset", headers, reason, detail, consumer, attempts, correlation_id, failed_at, parked_at, group_id, copies)
        values ('order-requests', 0, 999999, 0, 0, '{}', 'X', 'x', 'saga', 1, 'x', 0, 0, 'x', 1)`);
      await postgres.query('delete from views.orders where request_id = $1', [lost]);
      await postgres.query(`update views.orders set status = 'FAILED_PAYMENT' where request_id = $1`, [
        wrong,
      ]);
      await postgres.query('update views.item_stock set stocked = stocked + 1 where item_id = $1', [boot]);
      await postgres.query('update views.item_sales set sold_units = sold_units + 1 where item_id = $1', [
        boot,
      ]);
    };

    beforeAll(async () => {
      const bought = [await decided(boot, 1), await decided(boot, 1), await decided(boot, 1)].map(
        ({ id }) => id,
      );
      const [first = '', second = '', third = ''] = bought;
      const refused = await decided(boot, 100);
      expect(refused.status).toBe('FAILED_SOLD_OUT');
      await eventually(async () => expect(await report()).toMatchObject({ verdict: 'clean', untold: [] }), {
        withinMs: 60_000,
      });
      await injectIntoRedis(first, second);
      await injectIntoPostgres(second, third, first);
      await charge(`${refused.id}:99`, refused.id);
      await charge(`${first}:98`, first);
      expected = [
        ['counter-drift', shoe],
        ['orphan-reservation', boot],
        ['orphan-reservation', 'ghost'],
        ['decision-contradicts', first],
        ['decision-missing', second],
        ['buyer-drift', `${boot}:ann`],
        ['command-drift', 'never-ordered'],
        ['decision-without-order', 'nobody'],
        ['missing-row', second],
        ['extra-row', 'nobody'],
        ['wrong-row', first],
        ['extra-letter', 'order-requests:0:999999'],
        ['wrong-status', third],
        ['wrong-item-row', boot],
        ['wrong-sales-row', boot],
        ['charged-not-completed', `${refused.id}:99`],
        ['charged-twice', `${first}:98`],
      ];
    }, 120_000);

    it('names each with its key, and nothing else', async () => {
      const { code, differences } = await report();
      const found = differences.map(({ class: name, key }) => `${name} ${key}`);
      expect(found.sort()).toEqual(expected.map(([name, key]) => `${name} ${key}`).sort());
      expect(code).toBe(1);
    }, 120_000);

    it('shows the history checker what of it contradicts the log', async () => {
      const { code, out } = await judgeLive(system);
      expect(out).toContain('redis-divergence');
      expect(out).toContain('projection-divergence');
      expect(code).toBe(1);
    }, 120_000);

    it('prints what a repair would do and does none of it', async () => {
      const { code, err, out } = await reconcile('--repair', '--dry-run');
      expect(out).toContain('counter-drift');
      expect(err).toContain('would begin a new generation of the stock');
      expect(err).toContain('would build view orders');
      expect(err).toContain('would build view items');
      expect(err).toMatch(/would give back the charge .*:99/);
      expect(code).toBe(1);
    }, 120_000);

    it('repairs all of it; the second run is clean, and a second repair finds nothing to do', async () => {
      const { code, err, out } = await reconcile('--repair');
      expect(err).toContain('done: begin a new generation');
      expect(out).toMatch(/clean: everything agrees with the log\n$/);
      expect(code).toBe(0);
      expect(await reconcile('--repair')).toMatchObject({
        code: 0,
        err: expect.not.stringContaining('will '),
      });
      expect((await decided(boot, 1)).status).toBe('COMPLETED');
    }, 180_000);
  });

  it('leaves a completed order without a charge to a person, and never takes money', async () => {
    const { id, status } = await decided(shoe, 1);
    expect(status).toBe('COMPLETED');
    const epoch = await redis.hget('{sale}:cur', 'epoch');
    const key = encodeURIComponent(`${id}:${epoch}`);
    await fetch(`${system.process('payment-simulator').url}/charges/${key}/cancel`, { method: 'POST' });
    const { code, out } = await reconcile('--repair');
    expect(out).toMatch(new RegExp(`completed-not-charged +${id}`));
    expect(code).toBe(1);
    await charge('nobody:1', 'nobody');
    expect((await report()).differences.map(({ class: name, key: of }) => `${name} ${of}`).sort()).toEqual([
      'charge-without-order nobody',
      `completed-not-charged ${id}`,
    ]);
  }, 120_000);

  it('leaves the books of a provider out when it is told to', async () => {
    const environment = { ...cliEnvironment(system), PAYMENT_JOURNAL_URL: '' };
    const without = await runCli(['reconcile', '--without-money'], { environment });
    expect(without).toMatchObject({
      code: 0,
      out: expect.stringContaining('not asked for: the payment journal'),
    });
    expect(await runCli(['reconcile'], { environment })).toMatchObject({
      code: 2,
      out: expect.stringContaining('--without-money'),
    });
  }, 120_000);

  it('says 2 when it cannot tell', async () => {
    const environment = { ...cliEnvironment(system), DATABASE_URL: 'postgres://nobody@127.0.0.1:9/nothing' };
    const { code, out } = await runCli(['reconcile', '--json'], { environment });
    // What it could look at it did: the order above without a charge is still there.
    expect((JSON.parse(out) as Report).untold).toEqual([expect.stringContaining('PostgreSQL')]);
    expect(code).toBe(1);
    const nothing = { ...environment, KAFKA_BROKERS: '127.0.0.1:9' };
    expect((await runCli(['reconcile'], { environment: nothing })).code).toBe(2);
  }, 120_000);

  it('gives back no charge that pays for an order', async () => {
    const { id, status } = await decided(shoe, 1);
    expect(status).toBe('COMPLETED');
    const epoch = await redis.hget('{sale}:cur', 'epoch');
    const answer = await fetch(`${system.process('saga').url}/commands/cancel-charge`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${system.adminToken}` },
      body: JSON.stringify({ payment_key: `${id}:${epoch}`, reason: 'test' }),
    });
    expect(await answer.json()).toMatchObject({
      status: 409,
      detail: expect.stringContaining('pays for it'),
    });
  });
});
