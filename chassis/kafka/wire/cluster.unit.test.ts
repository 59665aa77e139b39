import { eventually } from '../../../tests/support/eventually';
import { kafkaConnection } from '../connection';
import { InfrastructureError } from '../log';
import { createLogProducer } from '../producer';
import { createLogReader } from '../reader';
import { BrokerLink } from './broker-link';
import { Cluster } from './cluster';

const connection = kafkaConnection({ brokers: ['127.0.0.1:9'], clientId: 'test' });
const topic = 'order-requests';
const noLeader = -1;

const metadata = (leaders: readonly number[]) => ({
  brokers: [{ nodeId: 1, host: '127.0.0.1', port: 9 }],
  controllerId: 1,
  topicMetadata: [
    {
      topic,
      topicErrorCode: 0,
      partitionMetadata: leaders.map((leader, partitionId) => ({ partitionId, leader })),
    },
  ],
});

const offsets = { responses: [{ partitions: [{ partition: 0, offset: '0', errorCode: 0 }] }] };

/** A broker that says so of its leaders, each time something else until the last; counts how often it was asked. */
const brokerThatSays = (...answers: readonly (readonly number[])[]): { asked: number } => {
  const count = { asked: 0 };
  const link = {
    alive: true,
    ask: async (api: string) => {
      if (api === 'ListOffsets') return offsets;
      count.asked += 1;
      return metadata(answers[count.asked - 1] ?? answers.at(-1) ?? []);
    },
    send: () => Promise.reject(new InfrastructureError('it was sent')),
    destroy: () => undefined,
  };
  jest.spyOn(BrokerLink, 'open').mockResolvedValue(link as unknown as BrokerLink);
  return count;
};

afterEach(() => jest.restoreAllMocks());

describe('what a cluster knows of leaders', () => {
  it('is kept while every partition has one', async () => {
    const broker = brokerThatSays([1, 1]);
    const cluster = new Cluster(connection);
    for (let time = 0; time < 3; time += 1) expect(await cluster.leaders(topic)).toEqual([1, 1]);
    expect(broker.asked).toBe(1);
  });

  it('is asked anew soon when a partition had none, as while a broker starts', async () => {
    brokerThatSays([1, noLeader], [1, 1]);
    const cluster = new Cluster(connection);
    expect(await cluster.leaders(topic)).toEqual([1, undefined]);
    await eventually(async () => expect(await cluster.leaders(topic)).toEqual([1, 1]), { withinMs: 5_000 });
  });

  it('gets a waiting record on its way as soon as there is a leader', async () => {
    const broker = brokerThatSays([noLeader], [noLeader], [1]);
    const producer = await createLogProducer(connection, { deadlineMs: 2_000 });
    const outcome = await producer.send({ topic, partition: 0, key: 'k', value: null });
    expect(broker.asked).toBeGreaterThanOrEqual(3);
    expect(outcome.kind === 'acked' ? '' : outcome.error.message).toContain('it was sent');
    await producer.stop(0);
  });

  it('makes a read fail after its patience, without trying as fast as it can', async () => {
    const rounds = jest.spyOn(Cluster.prototype, 'leaders');
    brokerThatSays([1], [noLeader]);
    const to = new Map([[0, 5]]);
    const from = new Map([[0, 0]]);
    const read = createLogReader(connection).read({
      topic,
      from,
      to,
      stallMs: 500,
      onRecords: () => undefined,
    });
    await expect(read).rejects.toThrow(InfrastructureError);
    expect(rounds.mock.calls.length).toBeLessThan(20);
  });
});
