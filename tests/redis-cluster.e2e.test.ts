import { randomUUID } from 'node:crypto';
import { Client } from '../bench/demo/client';
import { cliEnvironment, runCli } from './support/cli';
import { eventually } from './support/eventually';
import { privateServers } from './support/private-servers';
import { startRedisCluster, type RedisCluster } from './support/redis-cluster';
import { startSystem, type TestSystem } from './support/system';

const own = privateServers();
let cluster: RedisCluster;
let system: TestSystem;
let commands: Client;
let queries: Client;

beforeAll(async () => {
  cluster = await startRedisCluster(own);
  system = await startSystem({ REDIS_URL: cluster.urls, PAYMENT_DECLINE_RATE: '0' });
  commands = new Client(system.commandUrl, 16);
  queries = new Client(system.queryUrl, 16);
}, 240_000);
afterAll(async () => {
  commands.close();
  queries.close();
  await system.stop();
  await own.remove();
}, 60_000);

const stock = async (delta: number): Promise<string> => {
  const itemId = `item-${randomUUID()}`;
  const body = { item_id: itemId, delta, reason: 'test', command_id: randomUUID() };
  const answer = await commands.post('/commands/adjust-stock', body, {
    Authorization: `Bearer ${system.adminToken}`,
  });
  expect(answer).toMatchObject({ status: 202 });
  return itemId;
};

const buyAll = (itemId: string, count: number): Promise<readonly string[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const requestId = randomUUID();
      const body = { user_id: `user-${index}`, item_id: itemId, amount: 1, request_id: requestId };
      expect(await commands.post('/commands/buy', body)).toMatchObject({ status: 202 });
      return requestId;
    }),
  );

const statusesOf = async (requestIds: readonly string[]): Promise<readonly unknown[]> => {
  const statusOf = async (requestId: string): Promise<unknown> =>
    (await queries.get(`/orders/${requestId}?wait=30s`)).body['status'];
  let statuses: readonly unknown[] = [];
  await eventually(
    async () => {
      statuses = await Promise.all(requestIds.map(statusOf));
      expect(statuses).not.toContain('PENDING');
    },
    { withinMs: 90_000 },
  );
  return statuses;
};

const count = (statuses: readonly unknown[], status: string): number =>
  statuses.filter((one) => one === status).length;

describe('the whole system on a Redis Cluster of three masters', () => {
  it('sells what there is and refuses the rest; a request that is sent again is known', async () => {
    const shoe = await stock(20);
    const requestIds = await buyAll(shoe, 30);
    const statuses = await statusesOf(requestIds);
    expect([count(statuses, 'COMPLETED'), count(statuses, 'FAILED_SOLD_OUT')]).toEqual([20, 10]);
    const again = { user_id: 'user-0', item_id: shoe, amount: 1, request_id: requestIds[0] };
    expect(await commands.post('/commands/buy', again)).toMatchObject({ status: 409 });
    await eventually(async () =>
      expect((await queries.get(`/items/${shoe}`)).body).toMatchObject({ sold: 20, available: 0 }),
    );
  }, 150_000);

  it('is judged by reconcile, whichever master it is told of', async () => {
    for (const REDIS_URL of cluster.urls.split(',')) {
      const environment = { ...cliEnvironment(system), REDIS_URL };
      expect(await runCli(['reconcile'], { environment })).toMatchObject({
        code: 0,
        out: expect.stringMatching(/\d+ decisions(.|\n)*clean/),
      });
    }
  }, 150_000);

  it('accepts orders while a master is away, whichever it is, and sells not one unit twice', async () => {
    const shoe = await stock(20);
    const before = await buyAll(shoe, 10);
    expect(count(await statusesOf(before), 'COMPLETED')).toBe(10);
    const meanwhile: string[] = [];
    for (const node of [0, 1, 2]) {
      await cluster.kill(node);
      meanwhile.push(...(await buyAll(shoe, 5)));
      await cluster.restart(node);
    }
    const statuses = await statusesOf(meanwhile);
    expect([count(statuses, 'COMPLETED'), count(statuses, 'FAILED_SOLD_OUT')]).toEqual([10, 5]);
  }, 200_000);
});
