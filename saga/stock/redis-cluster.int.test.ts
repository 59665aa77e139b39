import { randomUUID } from 'node:crypto';
import { pause } from '../../chassis/deadline';
import { silentLog } from '../../chassis/log';
import { privateServers } from '../../tests/support/private-servers';
import { startRedisCluster, type RedisCluster } from '../../tests/support/redis-cluster';
import { createStockConnector } from './connect-stock';
import { describeScripts } from './differential.contract';
import { describeStock } from './stock.contract';

const own = privateServers();
let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster(own);
}, 60_000);
afterAll(() => own.remove());

const urls = (): string => cluster.urls;

describeStock('in a Redis Cluster of three masters', async () => {
  const connector = createStockConnector(urls(), `stock-${randomUUID().slice(0, 8)}`, silentLog, {
    recordsDetail: true,
  });
  return { connect: () => connector.connect(), nowMs: async () => Date.now(), wait: pause };
});

describeScripts('in a Redis Cluster of three masters', urls, 100);

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
