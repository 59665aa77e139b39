import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { pause } from '../deadline';
import { eventually } from '../../tests/support/eventually';
import { produceLz4 } from '../../tests/support/foreign-batch';
import { kafkaApi, type KafkaProxy, startKafkaProxy } from '../../tests/support/kafka-proxy';
import { createLogAdmin } from './admin';
import { kafkaConnection } from './connection';
import { createGroupConsumer } from './consumer';
import type { ConsumerTiming } from './consumer-timing';
import type { FatalExitCode, GroupConsumer, GroupConsumerOptions, LogRecord } from './log';
import { createLogProducer } from './producer';
import { kafkaError } from './wire/api';
import { Cluster } from './wire/cluster';

const broker = (process.env['KAFKA_BROKERS'] ?? '').split(',')[0] ?? '';
const direct = kafkaConnection({ brokers: [broker], clientId: 'consumer-test' });
const never = new Promise<never>(() => undefined);
/** The shortest session that a broker allows by default, and a fence to match. */
const quick: Partial<ConsumerTiming> = { sessionTimeoutMs: 6_000, heartbeatMs: 500, fenceMs: 3_600 };

interface Member {
  readonly consumer: GroupConsumer;
  readonly fatal: FatalExitCode[];
  readonly reasons: Error[];
  readonly seen: LogRecord[];
}

describe('the group consumer', () => {
  const admin = createLogAdmin(direct);
  const stranger = new Kafka({ brokers: [broker], clientId: 'stranger', logLevel: logLevel.NOTHING });
  const strangerAdmin = stranger.admin();
  const members: Member[] = [];
  let proxy: KafkaProxy;

  const newTopic = async (partitions = 1, config: Record<string, string> = {}): Promise<string> => {
    const name = `consumer-${randomUUID()}`;
    await admin.createTopics([{ name, partitions, config }], 1);
    return name;
  };

  const produce = async (topic: string, values: readonly string[], partition = 0): Promise<void> => {
    const producer = await createLogProducer(direct);
    const outcomes = await producer.sendAll(
      values.map((value) => ({ topic, partition, key: 'k', value: Buffer.from(value) })),
    );
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(['acked']));
    await producer.stop(1_000);
  };

  const member = (
    options: Partial<GroupConsumerOptions> & Pick<GroupConsumerOptions, 'topics'>,
    timing: Partial<ConsumerTiming> = {},
    connection = direct,
  ): Member => {
    const made: Omit<Member, 'consumer'> = { fatal: [], reasons: [], seen: [] };
    const consumer = createGroupConsumer(
      connection,
      {
        groupId: `group-${randomUUID()}`,
        onRecords: async (records) => {
          made.seen.push(...records);
          return records.length;
        },
        onFatal: (code, reason) => {
          made.fatal.push(code);
          made.reasons.push(reason);
        },
        ...options,
      },
      timing,
    );
    members.push({ consumer, ...made });
    return { consumer, ...made };
  };

  const valuesOf = (records: readonly LogRecord[]): string[] => records.map((record) => String(record.value));

  const committed = async (groupId: string, topic: string): Promise<string[]> => {
    const [offsets] = await strangerAdmin.fetchOffsets({ groupId, topics: [topic] });
    return (offsets?.partitions ?? []).map(({ offset }) => offset);
  };

  /** As an operator's tool does it, while the group has no members. */
  const setOffset = async (groupId: string, topic: string, offset: number): Promise<void> => {
    const cluster = new Cluster(direct);
    const link = await cluster.coordinator(groupId);
    await link.ask('OffsetCommit', {
      groupId,
      groupGenerationId: -1,
      memberId: '',
      topics: [{ topic, partitions: [{ partition: 0, offset }] }],
    });
    cluster.close();
  };

  beforeAll(() => strangerAdmin.connect());

  beforeEach(async () => {
    proxy = await startKafkaProxy(broker);
  });

  afterEach(async () => {
    proxy.thaw();
    await Promise.all(members.splice(0).map(({ consumer }) => consumer.stop()));
    await proxy.stop();
  });

  afterAll(async () => {
    await strangerAdmin.disconnect();
    await admin.stop();
  });

  it('fences itself before its session is over, and once evicted it moves no offset', async () => {
    const topic = await newTopic();
    const groupId = `group-${randomUUID()}`;
    await produce(topic, ['0', '1', '2']);
    const proxied = kafkaConnection({
      brokers: [proxy.address],
      clientId: 'evicted',
      requestTimeoutMs: 1_000,
    });
    let abortedAfterMs = Number.NaN;
    let release: (done: number) => void = () => undefined;
    let frozenAtMs = Number.NaN;
    const evicted = member(
      {
        topics: [topic],
        groupId,
        onRecords: async (_records, signal) => {
          proxy.freeze();
          frozenAtMs = performance.now();
          signal.addEventListener('abort', () => (abortedAfterMs = performance.now() - frozenAtMs));
          return new Promise<number>((resolve) => (release = resolve));
        },
      },
      { ...quick, revokeMs: 20_000 },
      proxied,
    );
    await evicted.consumer.start();
    await eventually(() => expect(frozenAtMs).not.toBeNaN());
    await eventually(() => expect(abortedAfterMs).not.toBeNaN());
    expect(abortedAfterMs).toBeLessThan(6_000);
    const heir = member({ topics: [topic], groupId, onRecords: async () => 1 }, { commitMs: 100 });
    await heir.consumer.start();
    await eventually(async () => expect(await committed(groupId, topic)).toEqual(['3']), {
      withinMs: 20_000,
    });
    await produce(topic, ['3', '4']);
    await eventually(async () => expect(await committed(groupId, topic)).toEqual(['5']));
    proxy.thaw();
    release(1);
    await evicted.consumer.stop();
    expect(await committed(groupId, topic)).toEqual(['5']);
    expect(evicted.fatal).toEqual([]);
  }, 60_000);

  it.each([0, 5, 20])('leaves no zombie when it is stopped %d ms into its start', async (afterMs) => {
    const topic = await newTopic();
    const groupId = `group-${randomUUID()}`;
    const { consumer, seen } = member({ topics: [topic], groupId });
    const started = consumer.start().catch((error: unknown) => error);
    await pause(afterMs);
    const stopAtMs = performance.now();
    await consumer.stop();
    expect(performance.now() - stopAtMs).toBeLessThan(4_000);
    await started;
    await produce(topic, ['a']);
    await eventually(
      async () => {
        const { groups } = await strangerAdmin.describeGroups([groupId]);
        expect(groups[0]?.members).toEqual([]);
      },
      { withinMs: 5_000 },
    );
    expect(seen).toEqual([]);
    expect(consumer.lag()).toEqual([]);
  });

  it('keeps the group going while a handler hangs on a dependency, and ends the process after the stall (72)', async () => {
    const topic = await newTopic(2);
    await produce(topic, ['stuck'], 0);
    const flowed: string[] = [];
    let signalOfStuck: AbortSignal | undefined;
    const hanging = member(
      {
        topics: [topic],
        onRecords: async (records, signal) => {
          if (records[0]?.partition === 0) {
            signalOfStuck = signal;
            const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
            await Promise.race([never, aborted]);
            return 0;
          }
          flowed.push(...valuesOf(records));
          return records.length;
        },
      },
      { ...quick, stallMs: 8_000 },
    );
    await hanging.consumer.start();
    await eventually(() => expect(signalOfStuck).toBeDefined());
    await produce(topic, ['a', 'b'], 1);
    await eventually(() => expect(flowed).toEqual(['a', 'b']));
    await eventually(() => expect(hanging.fatal).toEqual([72]), { withinMs: 15_000 });
    expect(signalOfStuck?.aborted).toBe(true);
  }, 60_000);

  it('knows of records that Kafka refuses to let it fetch, and ends the process after the stall (72)', async () => {
    const topic = await newTopic();
    const proxied = kafkaConnection({ brokers: [proxy.address], clientId: 'unfetched' });
    const unfetched = member({ topics: [topic] }, { ...quick, stallMs: 6_000 }, proxied);
    await unfetched.consumer.start();
    await produce(topic, ['a']);
    await eventually(() => expect(valuesOf(unfetched.seen)).toEqual(['a']));
    const refuseWith = kafkaError.topicAuthorizationFailed;
    proxy.failWith(({ apiKey }) => (apiKey === kafkaApi.fetch ? { refuseWith } : undefined));
    await eventually(() => expect(proxy.faults).toBeGreaterThan(0));
    await produce(topic, ['b', 'c']);
    await eventually(
      () => {
        const [lag] = unfetched.consumer.lag();
        expect(lag).toMatchObject({ records: 2 });
        expect(lag?.milliseconds).toBeGreaterThan(1_000);
      },
      { withinMs: 15_000 },
    );
    expect(unfetched.fatal).toEqual([]);
    await eventually(() => expect(unfetched.fatal).toEqual([72]), { withinMs: 20_000 });
  }, 60_000);

  it('hands its partitions over although a handler ignores the signal', async () => {
    const topic = await newTopic();
    const groupId = `group-${randomUUID()}`;
    await produce(topic, ['a']);
    let isStuck = false;
    const deaf = member(
      {
        topics: [topic],
        groupId,
        onRecords: () => {
          isStuck = true;
          return never;
        },
      },
      { ...quick, revokeMs: 300, stopMs: 2_000 },
    );
    await deaf.consumer.start();
    await eventually(() => expect(isStuck).toBe(true));
    const heir = member({ topics: [topic], groupId }, quick);
    const stopped = deaf.consumer.stop();
    await heir.consumer.start();
    await eventually(() => expect(valuesOf(heir.seen)).toEqual(['a']));
    await stopped;
  });

  it('refuses a committed offset that is outside the log (71), and leaves it as it is', async () => {
    const topic = await newTopic();
    const groupId = `group-${randomUUID()}`;
    await produce(topic, ['a', 'b']);
    await setOffset(groupId, topic, 7);
    const lost = member({ topics: [topic], groupId });
    await lost.consumer.start();
    await eventually(() => expect(lost.fatal).toEqual([71]));
    await lost.consumer.stop();
    expect(lost.seen).toEqual([]);
    expect(lost.reasons[0]?.message).toBe(`the committed offset 7 of ${topic}:0 is outside the log [0, 2]`);
    expect(await committed(groupId, topic)).toEqual(['7']);
  });

  it('ends with 71 when records that it has not read are deleted from the log', async () => {
    const topic = await newTopic();
    const values = Array.from({ length: 6_000 }, (_, index) => `${index}-${'x'.repeat(400)}`);
    await produce(topic, values);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const behind = member({
      topics: [topic],
      recordsMax: 100,
      onRecords: async (records) => {
        await gate;
        return records.length;
      },
    });
    await behind.consumer.start();
    await eventually(() => expect(behind.consumer.lag()[0]?.milliseconds).toBeGreaterThan(0));
    await strangerAdmin.fetchTopicOffsets(topic);
    await strangerAdmin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '-1' }] });
    open();
    await eventually(() => expect(behind.fatal).toEqual([71]));
  });

  it('hands over the marker of a foreign transaction as a record without key and value', async () => {
    const topic = await newTopic();
    const transactional = stranger.producer({
      transactionalId: randomUUID(),
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await transactional.connect();
    const transaction = await transactional.transaction();
    await transaction.send({ topic, messages: [{ key: 'k', value: 'a', partition: 0 }] });
    await transaction.abort();
    await transactional.disconnect();
    // The coordinator answers before the marker is in the partition.
    await eventually(async () => expect((await strangerAdmin.fetchTopicOffsets(topic))[0]?.high).toBe('2'));
    await produce(topic, ['b']);
    const { consumer, fatal, seen } = member({ topics: [topic] });
    await consumer.start();
    await eventually(() => expect(valuesOf(seen)).toEqual(['a', 'null', 'b']));
    expect(seen[1]).toMatchObject({ offset: 1, key: null, value: null });
    expect(fatal).toEqual([]);
  });

  it.each([
    ['is unpacked by the broker of a topic that is stored uncompressed', 'uncompressed', ['a', 'b'], []],
    ['ends a consumer of any other topic with 70', 'producer', [], [70]],
  ])('a batch that a foreign producer compressed with lz4 %s', async (_title, type, values, codes) => {
    const topic = await newTopic(1, { 'compression.type': type });
    const cluster = new Cluster(direct);
    const leader = await cluster.node((await cluster.leaders(topic))[0] ?? -1);
    const records = ['a', 'b'].map((value) => ({ key: 'k', value: Buffer.from(value) }));
    expect(await produceLz4(leader, { topic, partition: 0 }, records)).toBe(0);
    cluster.close();
    const { consumer, fatal, seen } = member({ topics: [topic] });
    await consumer.start();
    await eventually(() => {
      expect(valuesOf(seen)).toEqual(values);
      expect(fatal).toEqual(codes);
    });
  });

  it('goes on when heartbeats, commits and fetches lose their answers or connections', async () => {
    const topic = await newTopic(2);
    const proxied = kafkaConnection({ brokers: [proxy.address], clientId: 'shaken', requestTimeoutMs: 500 });
    const shaken = member({ topics: [topic] }, { heartbeatMs: 200, commitMs: 100 }, proxied);
    await shaken.consumer.start();
    const aimed: readonly number[] = [kafkaApi.heartbeat, kafkaApi.offsetCommit, kafkaApi.fetch];
    proxy.failWith(({ apiKey, before }) => {
      if (!aimed.includes(apiKey) || before % 3 !== 1) return undefined;
      return apiKey === kafkaApi.heartbeat ? 'swallow response' : 'cut';
    });
    for (let round = 0; round < 5; round += 1) {
      await produce(topic, [`${round}`], round % 2);
      await eventually(() => expect(new Set(valuesOf(shaken.seen)).size).toBe(round + 1), {
        withinMs: 20_000,
      });
    }
    expect(proxy.faults).toBeGreaterThan(2);
    expect(shaken.fatal).toEqual([]);
  }, 60_000);
});
