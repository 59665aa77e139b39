import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { randomUUID } from 'node:crypto';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnection } from '../chassis/kafka/connection';
import type { LogProducer } from '../chassis/kafka/log';
import { createLogProducer } from '../chassis/kafka/producer';
import { createLogReader } from '../chassis/kafka/reader';
import type { Decoded, EventCodec } from './codec';
import { createEventCodec } from './event-codec';
import type { DomainEvent, OrderFailed, OrderRequested } from './events';
import { eventIdOf } from './event-id';
import { readHistory, type SchemaHistory } from './history';
import { ourSchemas } from './known-ids';
import { toRecord } from './new-record';
import { registerSchemas } from './register';
import { createRegistryClient } from './registry-client';
import { topicSettings } from './topic-settings';
import { topics, type Topic, type TopicName } from './topics';

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? '';
const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const connection = kafkaConnection({ brokers, clientId: 'rolling-upgrade-test' });
const admin = createLogAdmin(connection);
const client = createRegistryClient(registryUrl, 10_000);
let producer: LogProducer;

beforeAll(async () => {
  producer = await createLogProducer(connection);
});
afterAll(async () => {
  await producer.stop(2_000);
  await admin.stop();
});

const versions = readHistory();
/** The release before sales channels and details: the same code with the history of then. */
const oldRelease: SchemaHistory = {
  ...versions,
  OrderRequested: versions.OrderRequested.slice(0, 1),
  OrderFailed: versions.OrderFailed.slice(0, 1),
};

interface Sale {
  readonly topics: readonly Topic[];
  readonly requests: TopicName;
  readonly outcomes: TopicName;
}

const newSale = async (): Promise<Sale> => {
  const prefix = `rolling-${randomUUID().slice(0, 8)}-`;
  const own = [topics.orderRequests, topics.orderOutcomes].map((topic): Topic => ({
    ...topic,
    name: prefix + topic.name,
  }));
  await admin.createTopics(topicSettings(1, own), 1);
  const [requests, outcomes] = own.map(({ name }) => name as TopicName) as [TopicName, TopicName];
  return { topics: own, requests, outcomes };
};

const deploy = (sale: Sale, history: SchemaHistory) =>
  registerSchemas(client, ourSchemas(sale.topics, history));
const open = (sale: Sale, history: SchemaHistory): Promise<EventCodec> =>
  createEventCodec({ registryUrl, topics: sale.topics, history });

const request = (requestId: string, channel: OrderRequested['sales_channel']): OrderRequested => ({
  type: 'OrderRequested',
  request_id: requestId,
  user_id: 'u-1',
  item_id: 'i-1',
  amount: 1,
  requested_at: 1_700_000_000_000,
  sales_channel: channel,
});
const refusal = (requestId: string, detail: string | null): OrderFailed => ({
  type: 'OrderFailed',
  request_id: requestId,
  user_id: 'u-1',
  item_id: 'i-1',
  amount: 1,
  epoch: 0,
  reason: 'SOLD_OUT',
  failed_at: 1_700_000_000_000,
  detail,
});

const write = async (codec: EventCodec, topic: TopicName, event: DomainEvent): Promise<void> => {
  const metadata = { event_id: eventIdOf(event), correlation_id: 'c', causation_id: 'c', source: 'test' };
  expect(await producer.send(toRecord(codec, topic, event, metadata))).toMatchObject({ kind: 'acked' });
};

/** As the services do it: an id that is not known is asked for, then there is a verdict. */
const decodeAll = async (codec: EventCodec, sale: Sale): Promise<Decoded[]> => {
  const decoded: Decoded[] = [];
  for (const topic of [sale.requests, sale.outcomes]) {
    await createLogReader(connection).read({
      topic,
      onRecords: async (records) => {
        for (const { value } of records) {
          const first = codec.decode(topic, value);
          if (first.kind === 'unknown-schema') await codec.learn(first.schemaId);
          decoded.push(codec.decode(topic, value));
        }
      },
    });
  }
  return decoded;
};

const eventsOf = (decoded: readonly Decoded[]): DomainEvent[] => {
  expect(decoded.filter(({ kind }) => kind !== 'event')).toEqual([]);
  return decoded.flatMap((it) => (it.kind === 'event' ? [it.event] : []));
};

describe('a rolling upgrade', () => {
  test('with the writers first: readers of the old release go on, without one dead letter', async () => {
    const sale = await newSale();
    await deploy(sale, oldRelease);
    const oldCodec = await open(sale, oldRelease);
    await write(oldCodec, sale.requests, request('old-1', null));
    await deploy(sale, versions);
    const newCodec = await open(sale, versions);
    await write(newCodec, sale.requests, request('new-1', 'APP'));
    await write(newCodec, sale.outcomes, refusal('new-1', 'asked for 1, 0 left'));
    await write(oldCodec, sale.requests, request('old-2', null));
    await write(oldCodec, sale.outcomes, refusal('old-2', null));

    const asOldSeesIt = [
      request('old-1', null),
      request('new-1', null),
      request('old-2', null),
      refusal('new-1', null),
      refusal('old-2', null),
    ];
    expect(eventsOf(await decodeAll(oldCodec, sale))).toEqual(asOldSeesIt);
    const restarted = await open(sale, oldRelease);
    expect(eventsOf(await decodeAll(restarted, sale))).toEqual(asOldSeesIt);
    expect(eventsOf(await decodeAll(newCodec, sale))).toEqual([
      request('old-1', null),
      request('new-1', 'APP'),
      request('old-2', null),
      refusal('new-1', 'asked for 1, 0 left'),
      refusal('old-2', null),
    ]);
  });

  test('with the readers first: what old writers write reads with defaults, without one dead letter', async () => {
    const sale = await newSale();
    await deploy(sale, oldRelease);
    const oldCodec = await open(sale, oldRelease);
    await write(oldCodec, sale.requests, request('old-1', null));
    await deploy(sale, versions);
    const newReader = await open(sale, versions);
    expect(eventsOf(await decodeAll(newReader, sale))).toEqual([request('old-1', null)]);
    await write(oldCodec, sale.requests, request('old-2', null));
    await write(oldCodec, sale.outcomes, refusal('old-2', null));
    expect(eventsOf(await decodeAll(newReader, sale))).toEqual([
      request('old-1', null),
      request('old-2', null),
      refusal('old-2', null),
    ]);
  });

  test('reads a sales channel of a release still to come as OTHER', async () => {
    const sale = await newSale();
    await deploy(sale, versions);
    const codec = await open(sale, versions);
    const nextText = (versions.OrderRequested.at(-1)?.text ?? '').replace('"PARTNER",', '"PARTNER","KIOSK",');
    const next = await client.register(`${sale.requests}-flashsale.OrderRequested`, nextText);
    expect(next).toMatchObject({ kind: 'registered' });
    const nextRelease = await new SchemaRegistry({ host: registryUrl }).encode(
      next.kind === 'registered' ? next.id : -1,
      { ...request('r-1', null), sales_channel: 'KIOSK' },
    );
    await producer.send({ topic: sale.requests, key: 'r-1', value: nextRelease });
    expect(eventsOf(await decodeAll(codec, sale))).toEqual([request('r-1', 'OTHER')]);
  });
});
