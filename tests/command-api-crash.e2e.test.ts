import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { buyOver, type BuyAnswer } from './support/buy-over';
import { eventually } from './support/eventually';
import { startChildService, type ChildService } from './support/child-process';
import { someOrder } from './support/command-api';
import { readOrderRequests } from './support/order-requests';

const servers = {
  KAFKA_BROKERS: process.env['KAFKA_BROKERS'] ?? '',
  SCHEMA_REGISTRY_URL: process.env['SCHEMA_REGISTRY_URL'] ?? '',
};
const main = 'tests/processes/command-api.ts';
const children: ChildService[] = [];

const startApi = async (environment: Readonly<Record<string, string>>): Promise<ChildService> => {
  const child = await startChildService(main, { LOG_LEVEL: 'error', ...environment });
  children.push(child);
  return child;
};

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.remove()));
});

const surviveKillAt = async (step: 'claimed' | 'appended', copiesInLog: number): Promise<void> => {
  const environment = { SALE_ID: `crash-${randomUUID().slice(0, 8)}` };
  const order = someOrder();
  const [dying, other] = await Promise.all([
    startApi({ ...environment, DIE_AT: step }),
    startApi(environment),
  ]);
  expect((await buyOver(dying.url, order)).failure).toBeDefined();
  const diedAtMs = performance.now();
  expect((await dying.ended(5_000)).signal).toBe('SIGKILL');

  const held = await buyOver(other.url, order);
  expect(held).toMatchObject({ status: 409, body: { error: 'IN_FLIGHT' } });
  expect(held.retryAfterSeconds).toBeGreaterThanOrEqual(1);
  const accepted = await eventually(
    async () => {
      const answer = await buyOver(other.url, order);
      expect(answer.status).toBe(202);
      return answer;
    },
    { withinMs: 8_000 },
  );
  expect(performance.now() - diedAtMs).toBeLessThan(6_000);

  // One order: every copy in the log asks for the same under the same id, and the saga decides per id.
  const copies = await readOrderRequests(servers, String(order['request_id']));
  expect(copies).toHaveLength(copiesInLog);
  expect(new Set(copies.map(({ eventId }) => eventId)).size).toBe(1);
  for (const { event } of copies) expect(event).toMatchObject(order);
  expect(copies.map(({ position }) => position)).toContain(accepted.body['position']);
};

describe('kill -9', () => {
  it('between claim and produce, or before the answer, leaves an order that a retry within 6 s makes one', async () => {
    await Promise.all([surviveKillAt('claimed', 1), surviveKillAt('appended', 2)]);
  }, 60_000);
});

describe('SIGTERM under load', () => {
  it('loses no accepted order, resets no received request, and ends in time', async () => {
    const api = await startApi({
      SALE_ID: `drain-${randomUUID().slice(0, 8)}`,
      DRAIN_GRACE: '1s',
      SHUTDOWN_TIMEOUT: '15s',
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const answers: { readonly order: Readonly<Record<string, unknown>>; readonly answer: BuyAnswer }[] = [];
    let goesOn = true;
    const buyer = async (): Promise<void> => {
      while (goesOn) {
        const order = someOrder();
        answers.push({ order, answer: await buyOver(api.url, order, agent) });
      }
    };
    const buyers = Array.from({ length: 50 }, buyer);
    await eventually(() => expect(answers.length).toBeGreaterThan(500), { withinMs: 30_000 });
    const stoppedAtMs = performance.now();
    api.kill('SIGTERM');
    await eventually(() =>
      expect(answers.some(({ answer }) => answer.failure === 'ECONNREFUSED')).toBe(true),
    );
    goesOn = false;
    await Promise.all(buyers);
    agent.destroy();

    expect(await api.ended(15_000)).toEqual({ code: 0, signal: null });
    expect(performance.now() - stoppedAtMs).toBeLessThan(15_000);
    const failures = answers.flatMap(({ answer }) => answer.failure ?? []);
    expect(new Set(failures)).toEqual(new Set(['ECONNREFUSED']));
    const answered = answers.filter(({ answer }) => answer.failure === undefined);
    expect(new Set(answered.map(({ answer }) => answer.status))).toEqual(new Set([202]));
    const logged = new Set((await readOrderRequests(servers)).map(({ event }) => event.request_id));
    expect(answered.filter(({ order }) => !logged.has(String(order['request_id'])))).toEqual([]);
  }, 90_000);
});
