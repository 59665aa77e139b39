import { eventually } from '../../tests/support/eventually';
import type { SendOutcome } from './log';
import { BatchingProducer, producerDefaults } from './producer';
import type { Cluster } from './wire/cluster';
import type { PartitionAnswer } from './wire/produce-request';

const record = (partition: number) => ({ topic: 't', partition, key: 'k', value: null });

const notEnoughReplicas = 19;

/** Partition 0 is led by broker 1, which answers at once, and partition 1 by broker 2, which answers as `broker2` does. */
const createProducer = (broker2: () => Promise<unknown>, deadlineMs: number): BatchingProducer => {
  const leaders = [1, 2];
  let offset = 0;
  const broker1 = async (): Promise<unknown> => answer(0, (offset += 1));
  const cluster = {
    brokers: 2,
    connection: { requestTimeoutMs: 60_000 },
    leaders: async () => leaders,
    knownLeaders: () => leaders,
    node: async (id: number) => ({ send: id === 1 ? broker1 : broker2 }),
    forget: () => undefined,
    close: () => undefined,
  } as unknown as Cluster;
  return new BatchingProducer(cluster, { ...producerDefaults, deadlineMs });
};

const answer = (partition: number, baseOffset: number, errorCode = 0): readonly PartitionAnswer[] => [
  { topic: 't', partition, errorCode, baseOffset, appendedAtMs: 1 },
];

describe('a producer with two leaders', () => {
  it('goes on with one while the other does not answer, and sends that one nothing more', async () => {
    const requests: (() => void)[] = [];
    const broker2 = (): Promise<unknown> =>
      new Promise((resolve) => requests.push(() => resolve(answer(1, requests.length))));
    const producer = createProducer(broker2, 60_000);
    const stuck = [producer.send(record(1))];
    for (let each = 0; each < 10; each += 1) {
      expect(await producer.send(record(0))).toMatchObject({ kind: 'acked', partition: 0 });
      stuck.push(producer.send(record(1)));
    }
    expect([requests.length, producer.queued]).toEqual([1, 11]);

    requests[0]?.();
    expect(await stuck[0]).toMatchObject({ kind: 'acked', partition: 1 });
    await eventually(() => expect(requests).toHaveLength(2));
    requests[1]?.();
    const outcomes = await Promise.all(stuck);
    expect(outcomes.every(({ kind }) => kind === 'acked')).toBe(true);
    await producer.stop(0);
  });

  it('does not wait with one for the pauses of a partition that the other refuses', async () => {
    // 30 pauses of up to 400 ms, if all shared them, would last 11 s.
    const producer = createProducer(async () => answer(1, -1, notEnoughReplicas), 6_000);
    const outcomes: SendOutcome[] = [];
    const refused = producer.send(record(1)).then((outcome) => outcomes.push(outcome));
    for (let each = 0; each < 30; each += 1) {
      expect(await producer.send(record(0))).toMatchObject({ kind: 'acked' });
    }
    expect(outcomes).toEqual([]);
    await producer.stop(0);
    await refused;
    expect(outcomes).toMatchObject([{ kind: 'rejected' }]);
  });
});
