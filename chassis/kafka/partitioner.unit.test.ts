import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { murmur2, partitionOf } from './partitioner';

/** The vectors of Java's own test of `Utils.murmur2`. */
const vectors: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

const kafkajs = Partitioners.DefaultPartitioner();

it.each(vectors)('murmur2 of %j is what Java computes', (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash);
});

it('a key goes to the partition that kafkajs and Java choose', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 64 }), (bytes, count) => {
      const key = Buffer.from(bytes);
      const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
        partitionId,
        partitionErrorCode: 0,
        leader: 1,
        replicas: [1],
        isr: [1],
      }));
      const chosen = kafkajs({ topic: 't', partitionMetadata, message: { key, value: null } });
      expect(partitionOf(key, count)).toBe(chosen);
    }),
  );
});

it('text and its UTF-8 bytes are the same key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (key) => {
      expect(partitionOf(key, 31)).toBe(partitionOf(Buffer.from(key), 31));
    }),
  );
});
