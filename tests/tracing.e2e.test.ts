import { randomUUID } from 'node:crypto';
import { Client } from '../bench/demo/client';
import { eventually } from './support/eventually';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './support/otlp-receiver';
import { startSystem, type TestSystem } from './support/system';

let collector: OtlpReceiver;
let system: TestSystem;
let commands: Client;
let queries: Client;
const itemId = `item-${randomUUID()}`;

beforeAll(async () => {
  collector = await startOtlpReceiver();
  system = await startSystem({
    PAYMENT_DECLINE_RATE: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER_ARG: '0',
  });
  commands = new Client(system.commandUrl, 64);
  queries = new Client(system.queryUrl, 64);
  const stocked = await commands.post(
    '/commands/adjust-stock',
    { item_id: itemId, delta: 1_000, reason: 'test', command_id: randomUUID() },
    { Authorization: `Bearer ${system.adminToken}` },
  );
  expect(stocked.status).toBe(202);
}, 180_000);

afterAll(async () => {
  commands.close();
  queries.close();
  await system.stop();
  await collector.stop();
}, 60_000);

const buy = async (headers: Record<string, string> = {}): Promise<string> => {
  const requestId = randomUUID();
  const body = { user_id: 'ann', item_id: itemId, amount: 1, request_id: requestId };
  expect((await commands.post('/commands/buy', body, headers)).status).toBe(202);
  return requestId;
};

const status = async (requestId: string): Promise<unknown> =>
  (await queries.get(`/orders/${requestId}?wait=20s`)).body['status'];

const newTrace = (): string => randomUUID().replaceAll('-', '');

/** Each span as `service name`, under the one it follows from. */
const tree = (spans: readonly ReceivedSpan[], parentSpanId: string): unknown =>
  Object.fromEntries(
    spans
      .filter((span) => span.parentSpanId === parentSpanId)
      .map((span) => [`${span.service}: ${span.name}`, tree(spans, span.spanId)]),
  );

it('one trace shows an order from its request to its two rows, through every process', async () => {
  const traceId = newTrace();
  const requestId = await buy({ traceparent: `00-${traceId}-b7ad6b7169203331-01` });
  expect(await status(requestId)).toBe('COMPLETED');
  const spans = await eventually(() => {
    const found = collector.spans.filter((span) => span.traceId === traceId);
    expect(found).toHaveLength(6);
    return found;
  });
  expect(tree(spans, 'b7ad6b7169203331')).toEqual({
    'command-api: POST /commands/buy': {
      'projector: process order-requests': {},
      'saga: process order-requests': {
        'saga: POST /charges': { 'payment-simulator: POST /charges': {} },
        'projector: process order-outcomes': {},
      },
    },
  });
  expect(spans.every((span) => !span.isError)).toBe(true);
  const saga = spans.find(({ service, name }) => service === 'saga' && name.startsWith('process'));
  expect(saga?.events).toEqual(['reserved', 'outcome in the log']);
});

it('orders that are not sampled make no span', async () => {
  const before = collector.spans.length;
  expect(await status(await buy())).toBe('COMPLETED');
  expect(await status(await buy({ traceparent: `00-${newTrace()}-b7ad6b7169203331-00` }))).toBe('COMPLETED');
  // A sampled one behind them is exported after whatever they had left.
  const traceId = newTrace();
  expect(await status(await buy({ traceparent: `00-${traceId}-b7ad6b7169203331-01` }))).toBe('COMPLETED');
  await eventually(() => expect(collector.spans.filter((span) => span.traceId === traceId)).toHaveLength(6));
  expect(collector.spans).toHaveLength(before + 6);
});

it('a collector that dies loses no order', async () => {
  await collector.stop();
  const orders = await Promise.all(
    Array.from({ length: 200 }, () => buy({ traceparent: `00-${newTrace()}-b7ad6b7169203331-01` })),
  );
  expect(new Set(await Promise.all(orders.map(status)))).toEqual(new Set(['COMPLETED']));
});
