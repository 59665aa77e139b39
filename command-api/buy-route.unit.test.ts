import { Registry } from 'prom-client';
import type { Sender } from '../chassis/http/identity';
import { startHttpServer, type HttpServer } from '../chassis/http/server';
import { silentLog } from '../chassis/log';
import { noTracing } from '../chassis/tracing';
import { sendRaw } from '../tests/security/raw-http';
import { BuyRoute, buyPath } from './buy-route';
import { createCommandMetrics } from './command-metrics';
import type { CommandPath, Submission, Submitted } from './command-path';

const position = { topic: 'order-requests', partition: 0, offset: 7 };
const first = { correlation_id: 'c', position };
const gone = { status: 410, error: 'SALE_CLOSED', title: 'Over' };

/** What becomes of an order, by its item; of any other the path breaks. */
const submitted: Readonly<Record<string, Submitted>> = {
  accepted: { kind: 'appended', first, quota: undefined },
  repeated: { kind: 'accepted', first },
  waiting: { kind: 'in-flight', retryAfterMs: 1_000 },
  mismatch: { kind: 'mismatch' },
  limited: { kind: 'limited', retryAfterMs: 1_000 },
  over: { kind: 'refused', problem: gone },
  full: { kind: 'unavailable', reason: 'overload', retryAfterMs: 1_000 },
};

const refused = (status: number): Sender => ({
  kind: 'refused',
  problem: { status, error: 'X', title: 'No' },
});
const senders: Readonly<Record<string, Sender>> = {
  ann: { kind: 'buyer', subject: 'ann' },
  nobody: refused(401),
  'issuer away': refused(503),
};

const registry = new Registry();
let server: HttpServer;
let isFull = false;

beforeAll(async () => {
  const path = {
    submit: async ({ claim }: Submission) => {
      const found = submitted[claim.payload.split(':')[1] ?? ''];
      if (!found) throw new Error('a bug');
      return found;
    },
    within: (work: () => Promise<unknown>) => (isFull ? undefined : work()),
  } as unknown as CommandPath;
  const route = new BuyRoute({
    saleId: 'sale',
    path,
    codec: { encode: () => Buffer.alloc(1) },
    metrics: createCommandMetrics(registry),
    log: silentLog,
    tracing: noTracing,
    answers: { queryUrl: '', limits: { requestsMax: 1, windowMs: 1_000 } },
    identify: async (authorization) => senders[authorization ?? ''] ?? refused(401),
    clock: Date.now,
    saleOf: () => undefined,
  });
  server = await startHttpServer((request, response) => void route.front(request, response), {
    host: '127.0.0.1',
    port: 0,
  });
});
afterAll(() => server.drain(100));

const buy = async (body: string, sender = 'ann', more: Record<string, string> = {}): Promise<number> => {
  const headers = { 'Content-Type': 'application/json', Authorization: sender, ...more };
  return (await fetch(`${server.url}${buyPath}`, { method: 'POST', headers, body })).status;
};
const order = (item_id: string, user_id = 'ann'): string =>
  JSON.stringify({ request_id: 'r', user_id, item_id, amount: 1 });

interface Sample {
  readonly value: number;
  readonly metricName?: string;
}

const valueOf = async (name: string): Promise<number> => {
  const found = (await registry.getMetricsAsJSON()).find((it) => it.name === name);
  return ((found?.values ?? []) as readonly Sample[])
    .filter(({ metricName }) => metricName === undefined || metricName.endsWith('_count'))
    .reduce((sum, { value }) => sum + value, 0);
};
const outcomes = async (): Promise<Readonly<Record<string, number>>> => {
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  const counted = names.filter((name) => /_orders_(?!received)\w+_total$/.test(name));
  return Object.fromEntries(
    await Promise.all(counted.map(async (name) => [name, await valueOf(name)] as const)),
  );
};

describe('requests to buy', () => {
  it('are each counted with one outcome, and their sum is what was received', async () => {
    const answers = [
      ...(await Promise.all(Object.keys(submitted).map((item) => buy(order(item))))),
      await buy(order('repeated'), 'ann', { 'Idempotency-Key': 'k' }),
      await buy(order('broken')),
      await buy(order('accepted'), 'nobody'),
      await buy(order('accepted'), 'issuer away'),
      await buy(order('accepted', 'bob')),
      await buy('{'),
      await buy('{}'),
      await buy(order('accepted'), 'ann', { 'Content-Type': 'text/plain' }),
      await buy('x'.repeat(20_000)),
    ];
    isFull = true;
    answers.push(await buy(order('accepted')));
    isFull = false;
    const whole = 'POST /commands/buy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    await sendRaw(server.url, [`${whole}Content-Length: 9\r\n\r\n{`], { withinMs: 50 });

    expect(answers).toEqual([
      202, 409, 409, 422, 429, 410, 503, 202, 500, 401, 503, 403, 400, 400, 415, 413, 503,
    ]);
    expect(await valueOf('command_api_orders_received_total')).toBe(answers.length);
    expect(await outcomes()).toEqual({
      command_api_orders_accepted_total: 1,
      command_api_orders_duplicate_total: 1,
      command_api_orders_failed_total: 4,
      command_api_orders_in_flight_total: 1,
      command_api_orders_not_on_sale_total: 1,
      command_api_orders_payload_mismatch_total: 1,
      command_api_orders_rate_limited_total: 1,
      command_api_orders_replayed_total: 1,
      command_api_orders_unauthorized_total: 2,
      command_api_orders_validation_failed_total: 4,
    });
    // All but the two that were refused before their body was read.
    expect(await valueOf('command_api_request_duration_seconds')).toBe(answers.length - 2);
  });
});
