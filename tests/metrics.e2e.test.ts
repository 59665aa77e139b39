import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../bench/demo/client';
import { kafkaConnection } from '../chassis/kafka/connection';
import { createLogProducer } from '../chassis/kafka/producer';
import { findPrometheusTool } from '../k8s/observability/prometheus-tools';
import { projectRoot } from '../stack/project-root';
import { eventually } from './support/eventually';
import { MetricMoves } from './support/metric-moves';
import { serviceNames, startSystem, type TestSystem } from './support/system';

/** Not here, each with what it takes to move. */
const notHere = [
  // Buyers with tokens.
  'command_api_orders_unauthorized_total',
  // A bug: it must never move.
  'query_api_oversold_units',
  // A saga that writes for a generation of Redis after its end, which nothing here holds back for long enough.
  'saga_reconcile_void_events',
  'saga_reconcile_unresolved_voids',
  // A rebuild of a view.
  'query_api_rebuild_*',
  // A topic that takes nothing while Kafka lets the saga read: handle-orders.unit.test.ts.
  'saga_unwritten_records_total{topic,reason}',
  // A provider that says nothing for as long as PAYMENT_BUDGET.
  'saga_unknown_payment_age_seconds',
  // As many connections as may be: connections.unit.test.ts.
  'flashsale_http_connections_refused_total',
];
const metricName =
  /`(?:[a-z]+ by \([a-z]+\) \()?(?:sum|max|min)?\(?((?:command_api|saga|projector|query_api|flashsale|nodejs)_[a-z0-9_]+(?:\*|\{[^}`]+\})?)/g;

const mapping = readFileSync(join(projectRoot(), 'docs/metrics-mapping.md'), 'utf8');
const mapped = [...new Set(Array.from(mapping.matchAll(metricName), (match) => match[1] ?? ''))].filter(
  (name) => !notHere.includes(name),
);
/** Gauges whose names prom-client ends in _total; they are not ours to choose. */
const namesOfPromClient = /^.*nodejs_active_(handles|requests|resources)_total.*\n/gm;
const promtool = findPrometheusTool('promtool', join(projectRoot(), '.stack', 'tools'));

const itemId = `item-${randomUUID()}`;
/** An item that is not on sale. */
const closedItemId = `item-${randomUUID()}`;
const moves = new MetricMoves();
let system: TestSystem;
let commands: Client;
let queries: Client;

const pageOf = async (name: (typeof serviceNames)[number]): Promise<string> =>
  (await fetch(`${system.process(name).url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();

const scrape = async (names: readonly (typeof serviceNames)[number][] = serviceNames): Promise<void> => {
  for (const name of names) moves.note(name, await pageOf(name));
};

/** Tries again and again, because what moves for an instant can be missed by a scrape. */
const untilMoved = (names: readonly string[], press: () => Promise<unknown>, of = serviceNames.slice()) =>
  eventually(
    async () => {
      const underWay = press();
      await scrape(of);
      await underWay;
      await scrape(of);
      expect(names.filter((name) => !moves.hasMoved(name))).toEqual([]);
    },
    { withinMs: 60_000, everyMs: 500 },
  );

const order = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  user_id: `user-${randomUUID()}`,
  item_id: itemId,
  amount: 1,
  request_id: randomUUID(),
  ...more,
});
const buy = (body: unknown, headers: Record<string, string> = {}) =>
  commands.post('/commands/buy', body, headers);
const command = (path: string, body: object) =>
  commands.post(
    path,
    { ...body, reason: 'test', command_id: randomUUID() },
    { Authorization: `Bearer ${system.adminToken}` },
  );
const burst = (count: number, more: Record<string, unknown> = {}) =>
  Promise.all(Array.from({ length: count }, () => buy(order(more))));

beforeAll(async () => {
  system = await startSystem({
    PAYMENT_DECLINE_RATE: '0.2',
    PAYMENT_LATENCY: '200ms',
    RATE_LIMIT_MAX_REQUESTS: '20',
    CIRCUIT_BREAKER_BASE_TIMEOUT: '1s',
  });
  commands = new Client(system.commandUrl, 64);
  queries = new Client(system.queryUrl, 64);
}, 300_000);

afterAll(async () => {
  commands.close();
  queries.close();
  await system.stop();
}, 60_000);

/** A sale with more in flight than one scrape can miss. */
const sell = async (): Promise<void> => {
  await command('/commands/adjust-stock', { item_id: itemId, delta: 100 });
  await command('/commands/sale', { item_id: closedItemId, action: 'close' });
  const underWay = burst(150);
  for (let scrapes = 0; scrapes < 4; scrapes += 1) await scrape();
  await underWay;
};

/** Every refusal; a busy machine may take Redis for away, and then there are none, so it is pressed again. */
const refuse = async (): Promise<void> => {
  const twice = order();
  const key = { 'Idempotency-Key': randomUUID() };
  const keyed = order();
  await Promise.all([buy(twice), buy(twice), buy(keyed, key)]);
  await buy(twice);
  await buy(keyed, key);
  await buy({ ...twice, amount: 2 });
  await buy({ amount: 'many' });
  await buy(order({ item_id: closedItemId }));
  await burst(25, { user_id: 'one-user' });
};

const buryPoison = async (): Promise<void> => {
  const brokers = system.infrastructure.variables.KAFKA_BROKERS.split(',');
  const producer = await createLogProducer(kafkaConnection({ brokers, clientId: 'test' }));
  const value = Buffer.from('no event');
  await producer.send({ topic: 'order-requests', key: randomUUID(), value, headers: {} });
  await producer.stop(1_000);
};

/** What moves only while a server is away; it stays away until each has been seen to. */
const movesWithout = {
  redis: ['command_api_admitted_without_redis_total', 'saga_gate_state', 'flashsale_dependency_up'],
  kafka: [
    'command_api_circuit_breaker_state',
    'command_api_log_queue_records',
    'command_api_orders_failed_total',
  ],
};

const sellWithout = async (name: keyof typeof movesWithout): Promise<void> => {
  const start = await system.stopServer(name);
  await untilMoved(movesWithout[name], () => burst(20));
  await start();
};

/** A projector that stands still for less than its session: the view falls behind, and says so. */
const sellUnprojected = async (): Promise<void> => {
  const projector = system.process('projector');
  await projector.kill('SIGSTOP');
  try {
    await untilMoved(['query_api_view_lag_seconds'], () => burst(20), ['query-api']);
  } finally {
    await projector.kill('SIGCONT');
  }
};

it('every metric of the mapping table moves when what it counts happens', async () => {
  expect(mapped.length).toBeGreaterThan(25);
  await scrape();
  await sell();
  await refuse();
  await sellUnprojected();
  await buryPoison();
  await sellWithout('redis');
  await sellWithout('kafka');
  await untilMoved(mapped, refuse);
}, 240_000);

(promtool === undefined ? it.skip : it)(
  'promtool finds nothing wrong with the metrics of any process',
  async () => {
    for (const name of serviceNames) {
      const page = (await pageOf(name)).replaceAll(namesOfPromClient, '');
      execFileSync(promtool ?? '', ['check', 'metrics'], { input: page, stdio: ['pipe', 'pipe', 'pipe'] });
    }
  },
);
