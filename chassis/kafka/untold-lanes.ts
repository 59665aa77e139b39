import { InfrastructureError } from './log';
import type { PartitionLane } from './partition-lane';

type UntoldLane = Pick<PartitionLane, 'topic' | 'partition' | 'isUntold' | 'noteEnd' | 'noteUnreachable'>;

/**
 * Asks where the log ends now for lanes that no fetch tells: they have no room and are left out of fetches, or the
 * fetches bring nothing. Without this the lag of a handler that stood still stayed at the 2,000 records that fit into its
 * lane, and that of a partition that Kafka refuses to let be read at 0. One question a topic, and none while all flows.
 */
export const tellUntoldLanes = async (
  lanes: readonly UntoldLane[],
  readEnds: (topic: string) => Promise<readonly number[]>,
): Promise<void> => {
  const untold = lanes.filter((lane) => lane.isUntold);
  const tell = async (topic: string): Promise<void> => {
    const asking = untold.filter((lane) => lane.topic === topic);
    try {
      const ends = await readEnds(topic);
      for (const lane of asking) lane.noteEnd(ends[lane.partition] ?? 0);
    } catch (error) {
      if (!(error instanceof InfrastructureError)) throw error;
      for (const lane of asking) lane.noteUnreachable();
    }
  };
  await Promise.all([...new Set(untold.map(({ topic }) => topic))].map(tell));
};
