import { randomUUID } from 'node:crypto';
import { KeyOffsets } from './key-offsets';

test('finds every offset of every key, and hardly ever one of another key', () => {
  const keys = Array.from({ length: 5_000 }, () => Buffer.from(randomUUID()));
  const offsets = new KeyOffsets();
  keys.forEach((key, at) => offsets.add(key, at));
  keys.slice(0, 10).forEach((key, at) => offsets.add(key, keys.length + at));
  expect(keys.findIndex((key, at) => offsets.of(key)[0] !== at)).toBe(-1);
  expect(keys.slice(0, 10).map((key) => offsets.of(key)[1])).toEqual(
    keys.slice(0, 10).map((_, at) => keys.length + at),
  );
  expect(keys.filter(() => offsets.of(Buffer.from(randomUUID())).length > 0)).toEqual([]);
});

test('takes 16 to 32 bytes a key', () => {
  const offsets = new KeyOffsets();
  const seen: number[] = [];
  for (let at = 0; at < 100_000; at += 1) {
    offsets.add(Buffer.from(String(at)), at);
    if (at > 1_000) seen.push(offsets.bytes / offsets.size);
  }
  expect(Math.min(...seen)).toBeGreaterThan(15.9);
  expect(Math.max(...seen)).toBeLessThan(32.1);
});

test('an offset that 32 bits cannot hold is refused, not cut', () => {
  const offsets = new KeyOffsets();
  offsets.add(Buffer.from('a'), 0xfffffffe);
  expect(offsets.of(Buffer.from('a'))).toEqual([0xfffffffe]);
  expect(() => offsets.add(Buffer.from('a'), 0xffffffff)).toThrow(RangeError);
});
