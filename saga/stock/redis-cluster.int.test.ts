import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { silentLog } from '../../chassis/log';
import { startRedis } from '../../stack/redis';
import type { RunningServer } from '../../stack/server-process';
import { eventually } from '../../tests/support/eventually';
import { privateServers } from '../../tests/support/private-servers';
import { createStockConnector } from './connect-stock';
import { describeStock } from './stock.contract';

const own = privateServers();
let masters: readonly RunningServer[] = [];
const slots = 16_384;

const ask = async (port: number, ...command: readonly [string, ...string[]]): Promise<unknown> => {
  const redis = new Redis({ port, lazyConnect: true, maxRetriesPerRequest: 1 });
  await redis.connect();
  try {
    const [name, ...args] = command;
    return await redis.call(name, args);
  } finally {
    redis.disconnect();
  }
};

/** Three masters with a third of the slots each, which know each other. */
beforeAll(async () => {
  const start = (name: string): Promise<RunningServer> =>
    own.keep(startRedis({ ...own.place(name), extraArgs: ['--cluster-enabled', 'yes'] }));
  masters = await Promise.all(['one', 'two', 'three'].map(start));
  const third = Math.ceil(slots / masters.length);
  const [first] = masters;
  for (const [index, { port }] of masters.entries()) {
    const range = [index * third, Math.min(slots, (index + 1) * third) - 1].map(String);
    await ask(port, 'CLUSTER', 'ADDSLOTSRANGE', ...range);
    if (first && first.port !== port) await ask(first.port, 'CLUSTER', 'MEET', '127.0.0.1', String(port));
  }
  await eventually(
    async () => {
      for (const { port } of masters) {
        const info = String(await ask(port, 'CLUSTER', 'INFO'));
        expect(info).toContain('cluster_state:ok');
        expect(info).toContain('cluster_known_nodes:3');
      }
    },
    { withinMs: 30_000 },
  );
}, 60_000);
afterAll(() => own.remove());

const urls = (): string => masters.map(({ url }) => url).join(',');

describeStock('in a Redis Cluster of three masters', async () => {
  const connector = createStockConnector(urls(), `stock-${randomUUID().slice(0, 8)}`, silentLog);
  return { connect: () => connector.connect(), nowMs: async () => Date.now() };
});

describe('sales in a Redis Cluster', () => {
  it('are spread over the masters, each with all its keys on one', async () => {
    const runIds = new Set<string>();
    for (let sale = 0; sale < 20; sale += 1) {
      const connection = await createStockConnector(urls(), `sale-${sale}`, silentLog).connect();
      runIds.add(await connection.serverRunId());
      connection.disconnect();
    }
    expect(runIds.size).toBe(3);
  });
});
