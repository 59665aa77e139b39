import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { kafkaConnection } from '../../chassis/kafka/connection';
import { createLogProducer } from '../../chassis/kafka/producer';
import { createLogReader } from '../../chassis/kafka/reader';
import { topics } from '../../schemas/topics';
import { eventually } from '../support/eventually';
import { privateServers } from '../support/private-servers';
import { adminToken, startSecuredSystem, tellsReads, type SecuredSystem } from './secured-system';

const own = privateServers();
let system: SecuredSystem;

beforeAll(async () => {
  system = await startSecuredSystem(own);
}, 240_000);
afterAll(() => own.remove(), 60_000);

const post = async (path: string, body: object): Promise<number> => {
  const answer = await fetch(`${system.urlOf('command-api')}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${adminToken}` },
    body: JSON.stringify(body),
  });
  return answer.status;
};

const connectionAs = (user: string | undefined) =>
  user === undefined
    ? kafkaConnection({ brokers: [system.openBroker], clientId: 'access-test' })
    : kafkaConnection({ brokers: [system.broker], clientId: 'access-test', sasl: system.saslOf(user) });

/** What becomes of a record that a user sends to a topic. */
const writeAs = async (user: string | undefined, topic: string): Promise<string> => {
  const producer = await createLogProducer(connectionAs(user), { deadlineMs: 1_500 });
  try {
    return (await producer.send({ topic, key: 'k', partition: 0, value: Buffer.from('forged') })).kind;
  } finally {
    await producer.stop(1_000);
  }
};

const lengthOf = async (topic: string): Promise<number> => {
  let length = 0;
  await createLogReader(connectionAs('broker')).read({
    topic,
    onRecords: (records) => {
      length += records.length;
    },
  });
  return length;
};

describe('a shop whose services may do what they do and nothing else', () => {
  it('sells', async () => {
    const item_id = `shoe-${randomUUID()}`;
    const command = { item_id, delta: 2, reason: 'test', command_id: randomUUID() };
    expect(await post('/commands/adjust-stock', command)).toBe(202);
    const request_id = randomUUID();
    expect(await post('/commands/buy', { request_id, user_id: 'ann', item_id, amount: 2 })).toBe(202);
    await eventually(
      async () => {
        const answer = await fetch(`${system.urlOf('query-api')}/orders/${request_id}`);
        expect(await answer.json()).toMatchObject({ status: 'COMPLETED' });
      },
      { withinMs: 30_000 },
    );
  }, 60_000);

  it('sells with Redis and not around it: no service lacks a right that it uses', async () => {
    const metrics = await (await fetch(`${system.urlOf('command-api')}/metrics`)).text();
    expect(metrics).toMatch(/admitted_without_redis\S* 0$/m);
    const redis = new Redis(system.redisUrlOf('query-api'), { maxRetriesPerRequest: 0 });
    await expect(redis.get('{sale}:answer:x')).resolves.toBeNull();
    redis.disconnect();
  });

  it('tells operators what it knows from others: units sold, and where an order stands', async () => {
    const item_id = `shoe-${randomUUID()}`;
    const stock = (delta: number): Promise<number> =>
      post('/commands/adjust-stock', { item_id, delta, reason: 'test', command_id: randomUUID() });
    expect(await stock(1)).toBe(202);
    // Without rights to read only, what is sold cannot be asked for, and stock is not lowered blindly.
    await eventually(async () => expect(await stock(-2)).toBe(tellsReads ? 409 : 503));
    const redis = new Redis(system.redisUrlOf('query-api'), { maxRetriesPerRequest: 0 });
    await expect(redis.hmget('{x}:cur', 'epoch', 'open')).resolves.toEqual([null, null]);
    await expect(redis.mget('{x}:e0:order:y')).resolves.toEqual([null]);
    redis.disconnect();
    const retries = { topic: topics.paymentRetries.name, onRecords: () => undefined };
    await expect(createLogReader(connectionAs('query-api')).read(retries)).resolves.toBeDefined();
  });

  it.each([
    ['command-api', topics.orderOutcomes.name],
    ['command-api', topics.sagaEpochs.name],
    ['saga', topics.orderRequests.name],
    ['saga', topics.stockAdjustments.name],
    ['projector', topics.orderOutcomes.name],
    ['projector', topics.orderRequests.name],
    ['query-api', topics.orderRequests.name],
    ['query-api', topics.orderDlq.name],
    ['stranger', topics.orderOutcomes.name],
    [undefined, topics.orderOutcomes.name],
  ])('has one writer for each topic: %s may not write to %s', async (user, topic) => {
    const before = await lengthOf(topic);
    expect(await writeAs(user, topic)).not.toBe('acked');
    expect(await lengthOf(topic)).toBe(before);
  });

  it.each([
    ['saga', ['FLUSHALL']],
    ['saga', ['CONFIG', 'SET', 'maxmemory', '1']],
    ['saga', ['KEYS', '*']],
    ['saga', ['GET', '{sale}:answer:x']],
    ['command-api', ['HSET', '{sale}:cur', 'epoch', '99']],
    ['command-api', ['EVAL', "return redis.call('HSET', KEYS[1], 'open', '1')", '1', '{sale}:cur']],
    ['command-api', ['DEL', '{sale}:e0:stock:shoe']],
    ['query-api', ['SET', '{sale}:answer:x', '{}']],
    ['query-api', ['HGETALL', '{sale}:cur']],
  ])('keeps each to its keys in Redis: %s may not %j', async (user, [command = '', ...args]) => {
    const redis = new Redis(system.redisUrlOf(user), { maxRetriesPerRequest: 0 });
    redis.on('error', () => undefined);
    await expect(redis.call(command, ...args)).rejects.toThrow(/NOPERM|permission/i);
    redis.disconnect();
  });

  it.each([
    [['SET', '{sale}:answer:x', '{}']],
    [['FLUSHALL']],
    [['CONFIG', 'GET', '*']],
    [['EVAL', 'return 1', '0']],
  ])(
    'lets whoever does not say who it is look at Redis and not touch it: not %j',
    async ([command = '', ...args]) => {
      const redis = new Redis(system.redisUrlOf(), { maxRetriesPerRequest: 0 });
      redis.on('error', () => undefined);
      await expect(redis.hgetall('{sale}:cur')).resolves.toMatchObject({ open: '1' });
      await expect(redis.call(command, ...args)).rejects.toThrow(/NOPERM|permission/i);
      redis.disconnect();
    },
  );

  it('lets whoever does not say who it is read the log', async () => {
    const keys: string[] = [];
    await createLogReader(connectionAs(undefined)).read({
      topic: topics.orderOutcomes.name,
      onRecords: (records) => {
        keys.push(...records.map(({ key }) => String(key)));
      },
    });
    expect(keys.length).toBeGreaterThan(0);
  });
});
