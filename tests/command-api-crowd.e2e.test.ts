import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { pause } from '../chassis/deadline';
import { buyOver, type BuyAnswer } from './support/buy-over';
import { someOrder, startTestCommandApi, type TestCommandApi } from './support/command-api';
import { eventually } from './support/eventually';
import { readOrderRequests } from './support/order-requests';

const servers = {
  KAFKA_BROKERS: process.env['KAFKA_BROKERS'] ?? '',
  SCHEMA_REGISTRY_URL: process.env['SCHEMA_REGISTRY_URL'] ?? '',
};
let api: TestCommandApi;

beforeAll(async () => {
  api = await startTestCommandApi();
}, 90_000);
afterAll(() => api.running.stop());

const buy = (agent: Agent, order: unknown): Promise<BuyAnswer> => buyOver(api.url, order, agent);

describe('a crowd', () => {
  it('of 1,000 parallel copies of one request makes one order, one 202 and 999 × 409', async () => {
    const order = someOrder();
    const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => buy(agent, order)));
    agent.destroy();
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(999);
    expect(await readOrderRequests(servers, String(order['request_id']))).toHaveLength(1);
  }, 60_000);

  const p99OfGoodClients = async (): Promise<number> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const times: number[] = [];
    const client = async (): Promise<void> => {
      for (let each = 0; each < 60; each += 1) {
        const { status, tookMs } = await buy(agent, someOrder());
        expect(status).toBe(202);
        times.push(tookMs);
      }
    };
    await Promise.all(Array.from({ length: 8 }, client));
    agent.destroy();
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  };

  /** Sends a byte a second, half of them in the headers and half in the body. */
  const loris = (): { readonly open: () => number; readonly stop: () => void } => {
    const { hostname, port } = new URL(api.url);
    const sockets = new Set<Socket>();
    for (let each = 0; each < 2_000; each += 1) {
      const socket = connect(Number(port), hostname);
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      socket.resume();
      socket.write('POST /commands/buy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
      if (each % 2 === 0) socket.write('Content-Length: 1000\r\n\r\n{');
      else socket.write('X-Slow: ');
    }
    const timer = setInterval(() => {
      for (const socket of sockets) socket.write(' ');
    }, 1_000);
    const stop = (): void => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    };
    return { open: () => sockets.size, stop };
  };

  it('of 2,000 clients that send a byte a second harms nobody else, and is cut off', async () => {
    await p99OfGoodClients();
    // The machine is shared with other tests: a busy moment may hit either measurement, but not three pairs.
    const attempt = async (): Promise<void> => {
      const beforeMs = await p99OfGoodClients();
      const slow = loris();
      try {
        await pause(500);
        expect(slow.open()).toBe(2_000);
        const duringMs = await p99OfGoodClients();
        expect(duringMs).toBeLessThan(beforeMs * 2 + 5);
        await eventually(() => expect(slow.open()).toBe(0), { withinMs: 20_000 });
      } finally {
        slow.stop();
      }
    };
    await attempt().catch(attempt).catch(attempt);
  }, 120_000);
});
