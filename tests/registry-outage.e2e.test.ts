import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { randomUUID } from 'node:crypto';
import { Client } from '../bench/demo/client';
import { kafkaConnection } from '../chassis/kafka/connection';
import type { LogProducer } from '../chassis/kafka/log';
import { partitionOf } from '../chassis/kafka/partitioner';
import { createLogProducer } from '../chassis/kafka/producer';
import { createLogReader } from '../chassis/kafka/reader';
import { readDeadLetter, type DeadLetter } from '../schemas/dead-letter';
import { newest, readHistory } from '../schemas/history';
import { subjectOf } from '../schemas/known-ids';
import { createRegistryClient } from '../schemas/registry-client';
import { topics } from '../schemas/topics';
import { eventually } from './support/eventually';
import { startSystem, type ServiceName, type TestSystem } from './support/system';

/** What reads or writes events; each is killed and started again while the registry is away. */
const services: readonly ServiceName[] = ['saga', 'projector', 'query-api', 'command-api'];
const unknownId = 987_654;
const orderPartitions = 8;

let system: TestSystem;
let commands: Client;
let queries: Client;
let producer: LogProducer;
let itemId: string;

const connection = () =>
  kafkaConnection({
    brokers: system.infrastructure.variables.KAFKA_BROKERS.split(','),
    clientId: 'registry-outage-test',
  });
const registryUrl = (): string => system.infrastructure.variables.SCHEMA_REGISTRY_URL;
const signalRegistry = async (signal: NodeJS.Signals): Promise<void> => {
  await system.infrastructure.servers.find(({ name }) => name === 'schema-registry')?.kill(signal);
};

beforeAll(async () => {
  system = await startSystem({ PAYMENT_DECLINE_RATE: '0' });
  commands = new Client(system.commandUrl, 16);
  queries = new Client(system.queryUrl, 16);
  producer = await createLogProducer(connection());
  itemId = `item-${randomUUID()}`;
  const command = { item_id: itemId, delta: 1_000, reason: 'test', command_id: randomUUID() };
  const answer = await commands.post('/commands/adjust-stock', command, {
    Authorization: `Bearer ${system.adminToken}`,
  });
  expect(answer).toMatchObject({ status: 202 });
}, 180_000);

afterAll(async () => {
  await signalRegistry('SIGCONT').catch(() => undefined);
  await producer.stop(2_000);
  commands.close();
  queries.close();
  await system.stop();
}, 60_000);

const buy = async (requestId: string = randomUUID()): Promise<string> => {
  const body = { user_id: 'ann', item_id: itemId, amount: 1, request_id: requestId };
  expect(await commands.post('/commands/buy', body)).toMatchObject({ status: 202 });
  return requestId;
};

const buyWhere = async (isWanted: (partition: number) => boolean): Promise<string> => {
  for (;;) {
    const requestId = randomUUID();
    if (isWanted(partitionOf(requestId, orderPartitions))) return buy(requestId);
  }
};

/** An order in a partition that no waiting record holds up. */
const buyOutsideOf = (waiting: readonly string[]): Promise<string> => {
  const held = new Set(waiting.map((key) => partitionOf(key, orderPartitions)));
  return buyWhere((partition) => !held.has(partition));
};

/** An order behind a record: completed, it says that saga and projector are past that. */
const buyBehind = (key: string): Promise<string> =>
  buyWhere((partition) => partition === partitionOf(key, orderPartitions));

const isCompleted = (requestId: string): Promise<void> =>
  eventually(
    async () => {
      const { body } = await queries.get(`/orders/${requestId}`);
      expect(body).toMatchObject({ request_id: requestId, status: 'COMPLETED' });
    },
    { withinMs: 60_000, everyMs: 250 },
  );

const letters = async (): Promise<readonly DeadLetter[]> => {
  const found = new Map<string, DeadLetter>();
  await createLogReader(connection()).read({
    topic: topics.orderDlq.name,
    onRecords: (records) => {
      for (const record of records) {
        const letter = readDeadLetter(record);
        found.set(`${letter.source.topic}:${letter.source.partition}:${letter.source.offset}`, letter);
      }
    },
  });
  return [...found.values()];
};

const restartAll = async (): Promise<void> => {
  for (const name of services) await system.process(name).kill('SIGKILL');
  await Promise.all(services.map((name) => system.restart(name)));
};

const send = async (key: string, value: Buffer): Promise<void> => {
  expect(await producer.send({ topic: topics.orderRequests.name, key, value })).toMatchObject({
    kind: 'acked',
  });
};

describe('while the Schema Registry', () => {
  it('hangs, orders go on, also after every service was killed and started again', async () => {
    await signalRegistry('SIGSTOP');
    await isCompleted(await buy());
    await restartAll();
    await isCompleted(await buy());
    expect(await letters()).toEqual([]);
    await signalRegistry('SIGCONT');
  }, 180_000);

  it('hangs, a record of a newer release waits and is no dead letter; an id that nobody knows becomes one', async () => {
    const subject = subjectOf(topics.orderRequests.name, 'OrderRequested');
    const text = newest(readHistory(), 'OrderRequested').text.replace(
      '"fields":[',
      '"fields":[{"name":"of_a_newer_release","type":["null","string"],"default":null},',
    );
    const registered = await createRegistryClient(registryUrl(), 10_000).register(subject, text);
    const id = registered.kind === 'registered' ? registered.id : -1;
    const newer = randomUUID();
    const event = {
      request_id: newer,
      user_id: 'ann',
      item_id: itemId,
      amount: 1,
      requested_at: Date.now(),
      sales_channel: null,
      of_a_newer_release: null,
    };
    const value = await new SchemaRegistry({ host: registryUrl() }).encode(id, event);
    const nobodyKnows = Buffer.from(value);
    nobodyKnows.writeInt32BE(unknownId, 1);
    const forged = randomUUID();

    await signalRegistry('SIGSTOP');
    await send(newer, value);
    await send(forged, nobodyKnows);
    await isCompleted(await buyOutsideOf([newer, forged]));
    expect(await letters()).toEqual([]);
    await signalRegistry('SIGCONT');

    await isCompleted(newer);
    await eventually(
      async () => {
        expect(await letters()).toMatchObject([
          { reason: 'UNKNOWN_SCHEMA', source: { topic: topics.orderRequests.name }, consumer: 'saga' },
        ]);
      },
      { withinMs: 60_000, everyMs: 500 },
    );
    // The letter is the saga's. A projector that still asked for the id would go on asking a registry that the next test stops.
    await isCompleted(await buyBehind(forged));
  }, 240_000);

  it('is stopped, orders go on, also after every service was killed and started again', async () => {
    await signalRegistry('SIGTERM');
    await isCompleted(await buy());
    await restartAll();
    await isCompleted(await buy());
    expect(await letters()).toHaveLength(1);
  }, 180_000);
});
