import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../../tests/support/eventually';
import { type KafkaProxy, kafkaApi, onNth, startKafkaProxy } from '../../tests/support/kafka-proxy';
import { createLogAdmin } from './admin';
import { kafkaConnection } from './connection';
import { LogGapError } from './fetch-records';
import { InfrastructureError } from './log';
import { createLogProducer } from './producer';
import { createLogReader } from './reader';
import { kafkaError } from './wire/api';

const broker = (process.env['KAFKA_BROKERS'] ?? '').split(',')[0] ?? '';
const direct = kafkaConnection({ brokers: [broker], clientId: 'reader-test' });

/** Sockets of this process; what a test opens it must close. */
const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource.startsWith('TCPSocket')).length;

describe('the log reader', () => {
  const admin = createLogAdmin(direct);
  const stranger = new Kafka({ brokers: [broker], clientId: 'stranger', logLevel: logLevel.NOTHING });
  const strangerAdmin = stranger.admin();
  let proxy: KafkaProxy;

  const filledTopic = async (count: number): Promise<string> => {
    const topic = `reader-${randomUUID()}`;
    await admin.createTopics([{ name: topic, partitions: 1, config: {} }], 1);
    const producer = await createLogProducer(direct);
    const value = Buffer.alloc(2_000, 'x');
    await producer.sendAll(
      Array.from({ length: count }, (_, index) => ({ topic, key: String(index), value })),
    );
    await producer.stop(1_000);
    return topic;
  };

  beforeAll(() => strangerAdmin.connect());

  beforeEach(async () => {
    proxy = await startKafkaProxy(broker);
  });

  afterEach(() => proxy.stop());

  afterAll(async () => {
    await strangerAdmin.disconnect();
    await admin.stop();
  });

  it('leaves neither groups nor sockets behind after many reads', async () => {
    const topic = await filledTopic(5);
    const groupsBefore = (await strangerAdmin.listGroups()).groups.map(({ groupId }) => groupId);
    const socketsBefore = openSockets();
    for (let round = 0; round < 20; round += 1) {
      await createLogReader(direct).read({ topic, onRecords: () => undefined });
    }
    await eventually(() => expect(openSockets()).toBeLessThanOrEqual(socketsBefore));
    const groups = (await strangerAdmin.listGroups()).groups.map(({ groupId }) => groupId);
    expect(groups.filter((group) => !groupsBefore.includes(group) && group.includes('reader'))).toEqual([]);
  });

  it('reads every record once although the connection breaks in the middle', async () => {
    const topic = await filledTopic(3_000);
    const connection = kafkaConnection({ brokers: [proxy.address], clientId: 'reader-test' });
    proxy.failWith(onNth(kafkaApi.fetch, 1, 'cut'));
    const offsets: number[] = [];
    await createLogReader(connection).read({
      topic,
      onRecords: (records) => void offsets.push(...records.map((record) => record.offset)),
    });
    expect(proxy.faults).toBe(1);
    expect(offsets).toEqual(Array.from({ length: 3_000 }, (_, index) => index));
  });

  it('says that infrastructure failed when nothing comes for stallMs', async () => {
    const topic = await filledTopic(1);
    const connection = kafkaConnection({
      brokers: [proxy.address],
      clientId: 'reader-test',
      requestTimeoutMs: 500,
    });
    proxy.failWith(({ apiKey }) => (apiKey === kafkaApi.fetch ? 'drop request' : undefined));
    const read = createLogReader(connection).read({ topic, stallMs: 1_000, onRecords: () => undefined });
    await expect(read).rejects.toThrow(InfrastructureError);
  });

  it('pauses before it asks again for what a broker refuses', async () => {
    const topic = await filledTopic(1);
    const connection = kafkaConnection({ brokers: [proxy.address], clientId: 'reader-test' });
    const refuseWith = kafkaError.topicAuthorizationFailed;
    proxy.failWith(({ apiKey }) => (apiKey === kafkaApi.fetch ? { refuseWith } : undefined));
    const read = createLogReader(connection).read({ topic, stallMs: 1_000, onRecords: () => undefined });
    await expect(read).rejects.toThrow(InfrastructureError);
    expect(proxy.faults).toBeGreaterThan(1);
    expect(proxy.faults).toBeLessThan(8);
  });

  it('says that infrastructure failed when the wanted end is never written', async () => {
    const topic = await filledTopic(2);
    const read = createLogReader(direct).read({
      topic,
      to: new Map([[0, 3]]),
      stallMs: 300,
      onRecords: () => undefined,
    });
    await expect(read).rejects.toThrow(InfrastructureError);
  });

  it('refuses to skip records that were deleted', async () => {
    const topic = await filledTopic(4);
    await strangerAdmin.fetchTopicOffsets(topic);
    await strangerAdmin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    const from = (offset: number) =>
      createLogReader(direct).read({ topic, from: new Map([[0, offset]]), onRecords: () => undefined });
    await expect(from(1)).rejects.toThrow(LogGapError);
    expect(await from(2)).toEqual(new Map([[0, 4]]));
  });
});
