import { startKafka } from '../stack/kafka';
import { startRedis } from '../stack/redis';
import type { RunningServer } from '../stack/server-process';
import { someOrder, startTestCommandApi, type TestCommandApi } from './support/command-api';
import { deployTestContracts } from './support/contracts';
import { eventually } from './support/eventually';
import { privateServers } from './support/private-servers';

const own = privateServers();
const registry = process.env['SCHEMA_REGISTRY_URL'] ?? '';
let kafka: RunningServer;
let redis: RunningServer;
let api: TestCommandApi;

beforeAll(async () => {
  [kafka, redis] = await Promise.all([
    own.keep(startKafka(own.place('kafka'))),
    own.keep(startRedis(own.place('redis'))),
  ]);
  await deployTestContracts({ KAFKA_BROKERS: kafka.url, SCHEMA_REGISTRY_URL: registry });
  api = await startTestCommandApi({
    KAFKA_BROKERS: kafka.url,
    REDIS_URL: redis.url,
    CIRCUIT_BREAKER_FAILURE_THRESHOLD: '3',
    CIRCUIT_BREAKER_SUCCESS_THRESHOLD: '2',
    CIRCUIT_BREAKER_BASE_TIMEOUT: '500ms',
    CIRCUIT_BREAKER_MAX_TIMEOUT: '2s',
  });
}, 120_000);

afterAll(async () => {
  await api.running.stop();
  await own.remove();
}, 60_000);

const timed = async <T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly tookMs: number }> => {
  const startedAtMs = performance.now();
  const value = await work();
  return { value, tookMs: performance.now() - startedAtMs };
};
const health = async (): Promise<Readonly<Record<string, unknown>>> =>
  (await api.request('GET', '/health')).body;
const breaker = async (): Promise<unknown> => (await health())['circuit_breaker_state'];

describe('while Kafka is away', () => {
  it('orders are refused within 3 s, the breaker opens, probes with doubling pauses, and closes again', async () => {
    expect((await api.buy(someOrder())).status).toBe(202);
    await kafka.kill('SIGSTOP');
    const refused = [someOrder(), someOrder(), someOrder()];

    const answers = await Promise.all(refused.map((order) => timed(() => api.buy(order))));
    for (const { value, tookMs } of answers) {
      expect(value).toMatchObject({ status: 503, body: { error: 'UNAVAILABLE' } });
      expect(value.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(tookMs).toBeLessThan(3_000);
    }
    expect(await breaker()).toBe('open');
    const atOnce = await timed(() => api.buy(someOrder()));
    expect(atOnce.value.status).toBe(503);
    expect(atOnce.tookMs).toBeLessThan(1_000);

    // The pause is over when a request takes as long as a send may: it was a probe. The answer arrives after the
    // breaker opened, so what is seen of a pause is a little shorter than it was.
    const pauses: number[] = [];
    let openedAtMs = performance.now();
    while (pauses.length < 3) {
      const probe = await timed(() => api.buy(someOrder()));
      if (probe.tookMs < 1_500) continue;
      pauses.push(performance.now() - probe.tookMs - openedAtMs);
      openedAtMs = performance.now();
    }
    expect(pauses[1]).toBeGreaterThan(700);
    expect(pauses[2]).toBeGreaterThan(1_500);

    await kafka.kill('SIGCONT');
    await eventually(async () => expect((await api.buy(someOrder())).status).toBe(202), { withinMs: 30_000 });
    await eventually(async () => {
      await api.buy(someOrder());
      expect(await breaker()).toBe('closed');
    });
    for (const order of refused) {
      await eventually(async () => expect([202, 409]).toContain((await api.buy(order)).status));
      const again = await api.buy(order, { 'Idempotency-Key': String(order['request_id']) });
      expect(again).toMatchObject({ status: 202, body: { request_id: order['request_id'] } });
    }
  }, 90_000);
});

describe('while Redis is away', () => {
  it('orders are accepted at once, limits are kept in this process, and health says degraded', async () => {
    const order = someOrder();
    expect((await api.buy(order)).status).toBe(202);
    await redis.kill('SIGKILL');

    const answers = await Promise.all(
      Array.from({ length: 70 }, () => api.buy(someOrder({ user_id: 'alice' }))),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(60);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
    const { value, tookMs } = await timed(() => api.buy(someOrder()));
    expect(value.status).toBe(202);
    expect(tookMs).toBeLessThan(1_000);
    await eventually(async () => {
      expect(await health()).toMatchObject({
        status: 'degraded',
        dependencies: { redis: { status: 'down', required: false } },
      });
    });
    expect((await api.request('GET', '/readyz')).status).toBe(200);

    redis = await own.keep(startRedis(own.place('redis', redis.port)));
    await eventually(async () => expect((await health())['status']).toBe('up'));
    await eventually(async () => {
      const another = someOrder();
      expect((await api.buy(another)).status).toBe(202);
      expect((await api.buy(another)).status).toBe(409);
    });
  }, 60_000);

  it('or hangs, no order waits longer than a second', async () => {
    await redis.kill('SIGSTOP');
    const first = await timed(() => api.buy(someOrder()));
    const others = await timed(() => Promise.all(Array.from({ length: 50 }, () => api.buy(someOrder()))));
    await redis.kill('SIGCONT');
    expect(first.value.status).toBe(202);
    expect(others.value.every(({ status }) => status === 202)).toBe(true);
    expect(first.tookMs).toBeLessThan(2_000);
    expect(others.tookMs).toBeLessThan(2_000);
    await eventually(async () => expect((await health())['status']).toBe('up'));
  }, 60_000);
});
