import { startRedis } from '../stack/redis';
import { tellRedis } from '../tests/processes/sale-redis';
import { someOrder, startTestCommandApi, type TestCommandApi } from '../tests/support/command-api';
import { eventually } from '../tests/support/eventually';
import { privateServers } from '../tests/support/private-servers';

const own = privateServers();
let port: number;
let api: TestCommandApi;

beforeAll(async () => {
  const redis = await own.keep(startRedis(own.place('redis')));
  port = redis.port;
  api = await startTestCommandApi({ REDIS_URL: redis.url });
}, 90_000);
afterAll(async () => {
  await api.running.stop();
  await own.remove();
});

const statusOfRedis = async (): Promise<unknown> => {
  const { body } = await api.request('GET', '/health');
  return {
    status: body['status'],
    redis: (body['dependencies'] as Record<string, { status?: string }>)['redis']?.status,
  };
};
const says = (status: string, redis: string): Promise<void> =>
  eventually(async () => expect(await statusOfRedis()).toEqual({ status, redis }), { withinMs: 10_000 });

describe('a Redis that answers PING and takes no writes', () => {
  beforeEach(() => says('up', 'up'));

  it('for lack of memory is down in health, also while nobody buys', async () => {
    await tellRedis(port, 'CONFIG', 'SET', 'maxmemory', '1');
    await says('degraded', 'down');
    expect((await api.buy(someOrder())).status).toBe(202);
    await tellRedis(port, 'CONFIG', 'SET', 'maxmemory', '0');
  }, 30_000);

  it('as it has become a replica is down in health, and left for a new connection', async () => {
    const clients = async (): Promise<readonly string[]> =>
      Array.from(
        String(await tellRedis(port, 'CLIENT', 'LIST')).matchAll(/^id=(\d+)/gm),
        ([, id = '']) => id,
      );
    const before = await clients();
    await tellRedis(port, 'REPLICAOF', '127.0.0.1', '1');
    await says('degraded', 'down');
    expect((await api.buy(someOrder())).status).toBe(202);
    await eventually(async () => {
      const now = await clients();
      expect(now.filter((id) => before.includes(id))).toEqual([]);
    });
    await tellRedis(port, 'REPLICAOF', 'NO', 'ONE');
  }, 30_000);
});
