import { randomFillSync } from 'node:crypto';

/** Of a slot: two halves of a key's hash, and the offset plus one; 0 there is a slot that nobody has. */
const slotWords = 3;
const firstSlots = 64;
/** At most three slots in four are taken, and after growing three in eight: 16 to 32 bytes a record. */
const takenMax = 0.75;
const offsetMax = 0xfffffffe;
const none: readonly number[] = [];

const mixed = (half: number): number => {
  let hash = Math.imul(half ^ (half >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/**
 * Offsets of one partition by the hash of their record's key, outside of the heap: 64 bits and no text of a key, since
 * a `Map` of them takes 150 bytes an order. Keys may share a hash, so what is found must be compared with the record.
 * The hash is seeded: nobody who chooses request ids can choose ones that meet.
 */
export class KeyOffsets {
  private slots = new Uint32Array(firstSlots * slotWords);
  private mask = firstSlots - 1;
  private taken = 0;
  private readonly seeds = randomFillSync(new Uint32Array(2));
  /** The halves of the hash of the key at hand: two numbers need no object. */
  private one = 0;
  private other = 0;

  get size(): number {
    return this.taken;
  }

  get bytes(): number {
    return this.slots.byteLength;
  }

  /** @throws RangeError beyond 4,294,967,294, where the memory of these would be 100 GB. */
  add(key: Uint8Array, offset: number): void {
    if (offset > offsetMax) throw new RangeError(`offset ${offset} is too large for an index of 32 bits`);
    if (this.taken >= (this.mask + 1) * takenMax) this.grow();
    this.hash(key);
    this.put(this.one, this.other, offset + 1);
    this.taken += 1;
  }

  /** Offsets whose keys have this key's hash, oldest first; mostly none. */
  of(key: Uint8Array): readonly number[] {
    this.hash(key);
    const { slots, mask, one, other } = this;
    let found: number[] | undefined;
    for (let slot = one & mask; ; slot = (slot + 1) & mask) {
      const at = slot * slotWords;
      const next = slots[at + 2] ?? 0;
      if (next === 0) return found?.sort((a, b) => a - b) ?? none;
      if (slots[at] === one && slots[at + 1] === other) (found ??= []).push(next - 1);
    }
  }

  private put(one: number, other: number, next: number): void {
    const { slots, mask } = this;
    let slot = one & mask;
    while (slots[slot * slotWords + 2] !== 0) slot = (slot + 1) & mask;
    slots[slot * slotWords] = one;
    slots[slot * slotWords + 1] = other;
    slots[slot * slotWords + 2] = next;
  }

  private grow(): void {
    const before = this.slots;
    this.mask = this.mask * 2 + 1;
    this.slots = new Uint32Array((this.mask + 1) * slotWords);
    for (let at = 0; at < before.length; at += slotWords) {
      const next = before[at + 2] ?? 0;
      if (next !== 0) this.put(before[at] ?? 0, before[at + 1] ?? 0, next);
    }
  }

  private hash(key: Uint8Array): void {
    let [one = 0, other = 0] = this.seeds;
    for (let at = 0; at < key.length; at += 1) {
      const byte = key[at] ?? 0;
      one = Math.imul(one ^ byte, 0x01000193);
      other = Math.imul(other ^ byte, 0x5bd1e995);
      one ^= other >>> 15;
    }
    this.one = mixed(one);
    this.other = mixed(other ^ key.length);
  }
}
