import { InfrastructureError, type PartitionRange } from './log';
import { kafkaError, kafkaErrorText } from './wire/api';
import type { Cluster } from './wire/cluster';

const earliest = -2;
const latest = -1;

interface LeaderPlace {
  readonly nodeId: number;
  readonly topic: string;
  readonly partitions: readonly number[];
}

const readOffsets = async (
  cluster: Cluster,
  place: LeaderPlace,
  timestamp: number,
): Promise<Map<number, number>> => {
  const link = await cluster.node(place.nodeId);
  const partitions = place.partitions.map((partition) => ({ partition, timestamp }));
  const answer = await link.ask('ListOffsets', {
    isolationLevel: 0,
    topics: [{ topic: place.topic, partitions }],
  });
  const offsets = new Map<number, number>();
  for (const { partition, offset, errorCode } of answer.responses.flatMap((each) => each.partitions)) {
    if (errorCode !== kafkaError.none) {
      throw new InfrastructureError(`offsets of ${place.topic}:${partition}: ${kafkaErrorText(errorCode)}`);
    }
    offsets.set(partition, Number(offset));
  }
  return offsets;
};

/** What `ask` gives for the partitions of each leader, together. Throws InfrastructureError. */
const askLeaders = async <T>(
  cluster: Cluster,
  topic: string,
  ask: (place: LeaderPlace) => Promise<readonly T[]>,
): Promise<readonly T[]> => {
  try {
    const byLeader = new Map<number, number[]>();
    (await cluster.leaders(topic)).forEach((leader, partition) => {
      if (leader === undefined) throw new InfrastructureError(`${topic}:${partition} has no leader`);
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
    });
    const places = [...byLeader].map(([nodeId, partitions]) => ({ nodeId, topic, partitions }));
    return (await Promise.all(places.map(ask))).flat();
  } catch (error) {
    // Else a broker that has died would be asked, or a leader be missing, for as long as metadata lasts: 60 s.
    cluster.forget(topic);
    throw error;
  }
};

/** First and next offset of every partition, in the order of the partitions. Throws InfrastructureError. */
export const readRanges = async (cluster: Cluster, topic: string): Promise<readonly PartitionRange[]> => {
  const ranges = await askLeaders(cluster, topic, async (place) => {
    const low = await readOffsets(cluster, place, earliest);
    const high = await readOffsets(cluster, place, latest);
    return place.partitions.map((partition) => ({
      partition,
      low: low.get(partition) ?? 0,
      high: high.get(partition) ?? 0,
    }));
  });
  return ranges.toSorted((a, b) => a.partition - b.partition);
};

/** The next offset of every partition, by partition. Throws InfrastructureError. */
export const readEnds = async (cluster: Cluster, topic: string): Promise<readonly number[]> => {
  const found = await askLeaders(cluster, topic, async (place) => [
    ...(await readOffsets(cluster, place, latest)),
  ]);
  const ends: number[] = [];
  for (const [partition, end] of found) ends[partition] = end;
  return ends;
};
