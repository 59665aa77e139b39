/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are in range by construction */
const multiplier = 0x5bd1e995;
const seed = 0x9747b28c;

/** The 32-bit MurmurHash2 of Java's Kafka client, as a signed number. */
export const murmur2 = (bytes: Uint8Array): number => {
  let hash = seed ^ bytes.length;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    const mixed = Math.imul(word, multiplier);
    hash = Math.imul(hash, multiplier) ^ Math.imul(mixed ^ (mixed >>> 24), multiplier);
  }
  const rest = bytes.length - at;
  if (rest >= 3) hash ^= bytes[at + 2]! << 16;
  if (rest >= 2) hash ^= bytes[at + 1]! << 8;
  if (rest >= 1) hash = Math.imul(hash ^ bytes[at]!, multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
};

/** Room for the bytes of a key, so that most keys need no buffer of their own. */
const scratch = Buffer.alloc(1024);

/** A key as it is in a record. Use it before the next call, which writes over it. */
export const keyBytes = (key: string): Uint8Array =>
  key.length * 3 > scratch.length ? Buffer.from(key) : scratch.subarray(0, scratch.write(key, 0, 'utf8'));

/**
 * The partition of a key among `count`: the same as Java's default partitioner, librdkafka's `murmur2_random` and
 * kafkajs choose, so that records of other people's producers meet ours.
 */
export const partitionOf = (key: string | Uint8Array, count: number): number =>
  (murmur2(typeof key === 'string' ? keyBytes(key) : key) & 0x7fffffff) % count;
