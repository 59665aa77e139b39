import createRetry from 'kafkajs/src/retry';
import createSendMessages from 'kafkajs/src/producer/sendMessages';
import { attemptProduce, byLeader } from './produce-attempt';
import { verdictOn } from './produce-verdict';
import { kafkaError } from './wire/api';
import type { Cluster } from './wire/cluster';
import type { PartitionAnswer } from './wire/produce-request';

const answer = (partition: number, more: Partial<PartitionAnswer> = {}): PartitionAnswer => ({
  topic: 't',
  partition,
  errorCode: 0,
  baseOffset: 10,
  appendedAtMs: 5,
  ...more,
});

describe('the verdict on a partition', () => {
  const sent = { topic: 't', partition: 1 };

  it('is acked only with an entry of its own, error code 0 and an offset', () => {
    expect(verdictOn(sent, [answer(0), answer(1)])).toEqual({
      kind: 'acked',
      baseOffset: 10,
      appendedAtMs: 5,
    });
    expect(verdictOn(sent, [answer(1, { baseOffset: 0 })])).toMatchObject({ kind: 'acked', baseOffset: 0 });
  });

  it.each([
    ['no entry', [answer(0)]],
    ['no entry at all', []],
    ['an entry of another topic', [answer(1, { topic: 'u' })]],
    ['no offset', [answer(1, { baseOffset: -1 })]],
    ['an offset that is no number', [answer(1, { baseOffset: Number.NaN })]],
    ['a time-out of the broker', [answer(1, { errorCode: kafkaError.requestTimedOut })]],
    [
      'too few replicas after the append',
      [answer(1, { errorCode: kafkaError.notEnoughReplicasAfterAppend })],
    ],
    ['an unknown error', [answer(1, { errorCode: -1 })]],
  ])('leaves open whether the records are in the log: %s', (_what, answers) => {
    expect(verdictOn(sent, answers)).toMatchObject({ kind: 'again', maybeWritten: true });
  });

  it.each([kafkaError.notLeaderOrFollower, kafkaError.notEnoughReplicas, kafkaError.unknownTopicOrPartition])(
    'knows that nothing was written with error %d',
    (errorCode) => {
      expect(verdictOn(sent, [answer(1, { errorCode })])).toMatchObject({
        kind: 'again',
        maybeWritten: false,
      });
    },
  );

  it('tells refusals from records that are too large', () => {
    const refused = [answer(1, { errorCode: kafkaError.topicAuthorizationFailed })];
    expect(verdictOn(sent, refused)).toMatchObject({ kind: 'refused' });
    expect(verdictOn(sent, [answer(1, { errorCode: kafkaError.messageTooLarge })])).toMatchObject({
      kind: 'too-large',
    });
  });
});

describe('a send of which a partition was never sent', () => {
  const batch = (partition: number, leader: number) => ({
    topic: 't',
    partition,
    leader,
    records: [{ key: 'k', value: null }],
  });

  /** Two brokers; partition 1 moves from broker 2 to broker 1 after broker 1 has answered for partition 0. */
  const kafkajsAnswers = async (): Promise<{ written: string[]; answers: PartitionAnswer[] }> => {
    const written: string[] = [];
    let hasMoved = false;
    const leaderOf = (partition: number): number => (partition === 0 || hasMoved ? 1 : 2);
    const broker = (nodeId: number) => ({
      nodeId,
      produce: async ({
        topicData,
      }: {
        topicData: { topic: string; partitions: { partition: number }[] }[];
      }) => {
        if (nodeId === 2)
          throw Object.assign(new Error('not leader'), { name: 'KafkaJSProtocolError', retriable: true });
        const topics = topicData.map(({ topic, partitions }) => ({
          topicName: topic,
          partitions: partitions.map(({ partition }) => {
            written.push(`${topic}:${partition}`);
            return { partition, errorCode: 0, baseOffset: '10', logAppendTime: '5' };
          }),
        }));
        return { topics };
      },
    });
    const brokers = new Map([1, 2].map((nodeId) => [nodeId, broker(nodeId)]));
    const send = createSendMessages({
      logger: { debug: () => undefined, error: () => undefined },
      cluster: {
        isConnected: () => true,
        addMultipleTargetTopics: async () => undefined,
        refreshMetadataIfNecessary: async () => undefined,
        refreshMetadata: async () => void (hasMoved = true),
        removeBroker: () => undefined,
        findTopicPartitionMetadata: () =>
          [0, 1].map((partitionId) => ({ partitionId, leader: leaderOf(partitionId) })),
        findLeaderForPartitions: (_topic: string, partitions: string[]) => {
          const led: Record<number, number[]> = {};
          for (const partition of partitions.map(Number)) (led[leaderOf(partition)] ??= []).push(partition);
          return led;
        },
        findBroker: async ({ nodeId }: { nodeId: string }) => brokers.get(Number(nodeId)),
      },
      partitioner: ({ message }: { message: { partition: number } }) => message.partition,
      eosManager: {
        acquireBrokerLock: async () => undefined,
        releaseBrokerLock: async () => undefined,
        isTransactional: () => false,
        getSequence: () => 0,
        updateSequence: () => undefined,
        getProducerId: () => -1,
        getProducerEpoch: () => 0,
      },
      retrier: createRetry({ retries: 5, initialRetryTime: 1 }),
    });
    const messages = [0, 1].map((partition) => ({ key: 'k', value: 'v', partition }));
    const resolved = await send({ acks: -1, timeout: 100, topicMessages: [{ topic: 't', messages }] });
    const answers = resolved.map((each) =>
      answer(each.partition, { topic: each.topicName, baseOffset: Number(each.baseOffset) }),
    );
    return { written, answers };
  };

  it('resolves in kafkajs, and is not acknowledged here', async () => {
    const { written, answers } = await kafkajsAnswers();
    expect(written).toEqual(['t:0']);
    expect(verdictOn(batch(0, 1), answers)).toMatchObject({ kind: 'acked' });
    expect(verdictOn(batch(1, 1), answers)).toMatchObject({ kind: 'again' });
  });

  it('is judged partition by partition, each with the answer of its own leader', async () => {
    const forgotten: string[] = [];
    const cluster = {
      connection: { requestTimeoutMs: 1 },
      forget: (topic: string) => forgotten.push(topic),
      node: async (nodeId: number) => {
        if (nodeId === 3) throw new Error('connection refused');
        return {
          send: async () => {
            if (nodeId === 2) throw new Error('connection closed');
            return [answer(0, { baseOffset: 7 })];
          },
        };
      },
    } as unknown as Cluster;
    const batches = byLeader([batch(0, 1), batch(1, 1), batch(2, 2), batch(3, 3)]);
    const verdicts = await Promise.all(
      [...batches].map(([leader, ofLeader]) => attemptProduce(cluster, leader, ofLeader)),
    );
    expect(verdicts.flat().map(([{ partition }, verdict]) => [partition, verdict])).toEqual([
      [0, { kind: 'acked', baseOffset: 7, appendedAtMs: 5 }],
      [1, expect.objectContaining({ kind: 'again', maybeWritten: true })],
      [2, expect.objectContaining({ kind: 'again', maybeWritten: true })],
      [3, expect.objectContaining({ kind: 'again', maybeWritten: false })],
    ]);
    expect(forgotten).toEqual(['t', 't', 't']);
  });
});
