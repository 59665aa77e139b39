import { InfrastructureError } from './log';
import { readRanges } from './ranges';
import { kafkaError } from './wire/api';
import type { Cluster } from './wire/cluster';

const answer = {
  responses: [{ partitions: [{ partition: 0, offset: '7', errorCode: kafkaError.none }] }],
};

/** Broker 1 led the topic, and 2 leads it now; who asks for the leader again is told so. */
const clusterAfterMove = (askOne: () => Promise<unknown>): Cluster => {
  let leader = 1;
  const fake = {
    leaders: async () => [leader],
    node: async (nodeId: number) => ({ ask: nodeId === 1 ? askOne : async () => answer }),
    forget: () => void (leader = 2),
  };
  return fake as unknown as Cluster;
};

describe('the ranges of a topic', () => {
  it.each([
    ['does not answer any more', async () => Promise.reject(new InfrastructureError('ECONNREFUSED'))],
    [
      'says that it does not lead',
      async () => ({
        responses: [
          { partitions: [{ partition: 0, offset: '-1', errorCode: kafkaError.notLeaderOrFollower }] },
        ],
      }),
    ],
  ])('are asked of the new leader the next time when the old one %s', async (_what, askOne) => {
    const cluster = clusterAfterMove(askOne);
    await expect(readRanges(cluster, 'order-requests')).rejects.toThrow(InfrastructureError);
    expect(await readRanges(cluster, 'order-requests')).toEqual([{ partition: 0, low: 7, high: 7 }]);
  });

  it('are asked again at once when there was no leader', async () => {
    const leaders = [[undefined], [2]];
    const cluster = {
      leaders: async () => leaders[0],
      node: async () => ({ ask: async () => answer }),
      forget: () => void leaders.shift(),
    } as unknown as Cluster;
    await expect(readRanges(cluster, 'order-requests')).rejects.toThrow('has no leader');
    expect(await readRanges(cluster, 'order-requests')).toEqual([{ partition: 0, low: 7, high: 7 }]);
  });
});
