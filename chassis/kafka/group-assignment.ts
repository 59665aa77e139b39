import { MemberAssignment, MemberMetadata } from 'kafkajs/src/consumer/assignerProtocol';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The name under which members agree; a group may hold only members that know it. */
export const assignorName = 'modulo';

interface Member {
  readonly memberId: string;
  readonly topics: readonly string[];
}

/**
 * Partition p of a topic goes to the member number p modulo their count, members in the order of their ids. Topics with
 * equally many partitions are thereby shared out alike: one member has the same partition of each.
 */
export const assign = (
  members: readonly Member[],
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly TopicPartition[]> => {
  const byId = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const assigned = new Map<string, TopicPartition[]>(byId.map(({ memberId }) => [memberId, []]));
  for (const [topic, count] of partitionCounts) {
    const interested = byId.filter((member) => member.topics.includes(topic));
    for (let partition = 0; partition < count; partition += 1) {
      const member = interested[partition % interested.length];
      if (member) assigned.get(member.memberId)?.push({ topic, partition });
    }
  }
  return assigned;
};

export const encodeSubscription = (topics: readonly string[]): Buffer =>
  MemberMetadata.encode({ version: 0, topics });

export const decodeSubscription = (metadata: Buffer): readonly string[] =>
  MemberMetadata.decode(metadata).topics;

export const encodeAssignment = (partitions: readonly TopicPartition[]): Buffer => {
  const assignment: Record<string, number[]> = {};
  for (const { topic, partition } of partitions) (assignment[topic] ??= []).push(partition);
  return MemberAssignment.encode({ version: 0, assignment });
};

export const decodeAssignment = (bytes: Buffer): readonly TopicPartition[] => {
  const decoded = bytes.length === 0 ? null : MemberAssignment.decode(bytes);
  return Object.entries(decoded?.assignment ?? {}).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
};
