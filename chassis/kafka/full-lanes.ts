import type { PartitionLane } from './partition-lane';

type FullLane = Pick<PartitionLane, 'topic' | 'partition' | 'isFull' | 'noteEnd'>;

/**
 * Tells lanes that have no room where the log ends now: they are left out of fetches, which tell the others. Without
 * this the lag of a handler that stood still stayed at the 2,000 records that fit into its lane.
 */
export const tellFullLanes = async (
  lanes: readonly FullLane[],
  readEnds: (topic: string) => Promise<readonly number[]>,
): Promise<void> => {
  const full = lanes.filter((lane) => lane.isFull);
  const tell = async (topic: string): Promise<void> => {
    const ends = await readEnds(topic);
    for (const lane of full) if (lane.topic === topic) lane.noteEnd(ends[lane.partition] ?? 0);
  };
  await Promise.all([...new Set(full.map(({ topic }) => topic))].map(tell));
};
