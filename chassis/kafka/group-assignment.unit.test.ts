import fc from 'fast-check';
import {
  assign,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  type TopicPartition,
} from './group-assignment';

const name = ({ topic, partition }: TopicPartition): string => `${topic}:${partition}`;

describe('the assignment of a group', () => {
  it('gives one member the same partition of topics with equally many', () => {
    const members = ['b', 'a'].map((memberId) => ({ memberId, topics: ['x', 'y'] }));
    const shares = assign(members, new Map([['x', 3], ['y', 3]])); // prettier-ignore
    expect(shares.get('a')?.map(name)).toEqual(['x:0', 'x:2', 'y:0', 'y:2']);
    expect(shares.get('b')?.map(name)).toEqual(['x:1', 'y:1']);
  });

  it('gives every partition to exactly one member that wants its topic, evenly', () => {
    const topicsArbitrary = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 });
    const membersArbitrary = fc.uniqueArray(fc.record({ memberId: fc.uuid(), topics: topicsArbitrary }), {
      selector: (member) => member.memberId,
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(membersArbitrary, fc.integer({ min: 1, max: 20 }), (members, count) => {
        const counts = new Map(members.flatMap((member) => member.topics).map((topic) => [topic, count]));
        const shares = assign(members, counts);
        for (const topic of counts.keys()) {
          const sizes: number[] = [];
          const seen: number[] = [];
          for (const { memberId, topics } of members) {
            const own = (shares.get(memberId) ?? []).filter((each) => each.topic === topic);
            if (topics.includes(topic)) sizes.push(own.length);
            else expect(own).toEqual([]);
            seen.push(...own.map((each) => each.partition));
          }
          expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('comes back from the bytes that travel, also when a member gets nothing', () => {
    const partitions = [{ topic: 'x', partition: 2 }, { topic: 'y', partition: 0 }]; // prettier-ignore
    expect(decodeAssignment(encodeAssignment(partitions))).toEqual(partitions);
    expect(decodeAssignment(encodeAssignment([]))).toEqual([]);
    expect(decodeAssignment(Buffer.alloc(0))).toEqual([]);
    expect(decodeSubscription(encodeSubscription(['x', 'y']))).toEqual(['x', 'y']);
  });
});
