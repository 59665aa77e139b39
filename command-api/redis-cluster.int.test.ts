import { silentLog } from '../chassis/log';
import { connectRedisOrCluster, redisReady, type RedisClient } from '../chassis/redis';
import { currentKey, stockKey } from '../schemas/stock-keys';
import { eventually } from '../tests/support/eventually';
import { privateServers } from '../tests/support/private-servers';
import { startRedisCluster, type RedisCluster } from '../tests/support/redis-cluster';
import { readCommitted } from './committed-stock';
import { RedisAdmission } from './redis-admission';
import { describeRedisAdmission } from './redis-admission.contract';

const own = privateServers();
let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster(own);
}, 60_000);
afterAll(() => own.remove());

const connect = async (): Promise<RedisClient> => {
  const redis = connectRedisOrCluster(cluster.urls, silentLog);
  await redisReady(redis, 10_000);
  return redis;
};

describeRedisAdmission('in a Redis Cluster of three masters', connect);

describe('a client of a Redis Cluster', () => {
  const limits = { requestsMax: 5, windowMs: 60_000 };
  const claim = (sale: number, id: string) => ({
    recordKey: `{sale-${sale}}:accepted:${id}`,
    payload: 'p',
    correlationId: id,
  });

  it('finds the stock of every sale, on whichever master it is', async () => {
    const redis = await connect();
    for (let sale = 0; sale < 12; sale += 1) {
      const saleId = `sale-${sale}`;
      await redis.hset(currentKey(saleId), { epoch: '1', open: '1' });
      await redis.hset(stockKey(saleId, '1', 'shoe'), { sold: sale, reserved: 1 });
      expect(await readCommitted(redis, saleId, 'shoe')).toEqual({ sold: sale, reserved: 1 });
    }
    redis.disconnect();
  });

  it('lets commands in without a master that was killed, and with it again once it is back', async () => {
    const redis = await connect();
    const onAway = jest.fn();
    const admission = new RedisAdmission(redis, {
      limits,
      windowKeys: '{sale}:window',
      idempotencyTtlMs: 60_000,
      log: silentLog,
      onAway,
    });
    await cluster.kill(0);
    const startedAtMs = performance.now();
    const sales = Array.from({ length: 12 }, (_, sale) => sale);
    for (const sale of sales) expect((await admission.admit(claim(sale, 'away'))).kind).toBe('claimed');
    expect(onAway).toHaveBeenCalled();
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);

    await cluster.restart(0);
    let round = 0;
    await eventually(
      async () => {
        round += 1;
        onAway.mockClear();
        for (const sale of sales) await admission.admit(claim(sale, `back-${round}`));
        expect(onAway).not.toHaveBeenCalled();
      },
      { withinMs: 30_000, everyMs: 500 },
    );
    redis.disconnect();
  }, 60_000);
});
