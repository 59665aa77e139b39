const multiplier = 0x5bd1e995;
const seed = 0x9747b28c;

/** The 32-bit MurmurHash2 of Java's Kafka client, as a signed number. */
export const murmur2 = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = seed ^ bytes.length;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    const mixed = Math.imul(view.getInt32(at, true), multiplier);
    hash = Math.imul(hash, multiplier) ^ Math.imul(mixed ^ (mixed >>> 24), multiplier);
  }
  const rest = bytes.length - at;
  if (rest >= 3) hash ^= view.getUint8(at + 2) << 16;
  if (rest >= 2) hash ^= view.getUint8(at + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ view.getUint8(at), multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
};

/**
 * The partition of a key among `count`: the same as Java's default partitioner, librdkafka's `murmur2_random` and
 * kafkajs choose, so that records of other people's producers meet ours.
 */
export const partitionOf = (key: string | Uint8Array, count: number): number =>
  (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % count;
