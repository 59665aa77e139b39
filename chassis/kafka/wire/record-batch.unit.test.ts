import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { RecordHeaders } from '../log';
import { ByteWriter } from './byte-writer';
import { crc32c } from './crc32c';
import { readRecordBatches, RecordFormatError } from './record-batch-reader';
import { estimateBytes, type RecordContent, writeRecordBatch } from './record-batch-writer';

const place = { topic: 't', partition: 3, fromOffset: 0 };
const timestampMs = 1_760_000_000_123;

const write = (records: readonly RecordContent[]): Buffer => {
  const out = new ByteWriter(0);
  writeRecordBatch(out, records, timestampMs);
  return Buffer.from(out.written());
};

const withBaseOffset = (batch: Buffer, offset: number): Buffer => {
  const copy = Buffer.from(batch);
  copy.writeBigInt64BE(BigInt(offset), 0);
  return copy;
};

const rechecked = (batch: Buffer): Buffer => {
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeUInt32BE(crc32c(batch, 21, batch.length), 17);
  return batch;
};

const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((array) => Buffer.from(array));
const text = fc.string({ unit: 'binary', maxLength: 80 });
const content: fc.Arbitrary<RecordContent> = fc.record({
  key: fc.oneof(fc.constant(null), text, bytes(20)),
  value: fc.option(bytes(300)),
  headers: fc.dictionary(text, fc.oneof(text, bytes(20), fc.constant(undefined))),
});

const asRead = (record: RecordContent) => ({
  key: typeof record.key === 'string' ? Buffer.from(record.key) : record.key,
  value: record.value,
  headers: Object.entries(record.headers ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, Buffer.from(value ?? '')]),
});

describe('crc32c', () => {
  it('gives the published check value', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
  });

  it('is the same whether the bytes are taken eight or one at a time', () => {
    const slow = (input: Uint8Array): number => {
      let crc = -1;
      for (const byte of input) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
      return (crc ^ -1) >>> 0;
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(10), (input, start) => {
        const from = Math.min(start, input.length);
        expect(crc32c(input, from, input.length)).toBe(slow(input.subarray(from)));
      }),
    );
  });
});

describe('record batches', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 30 }), (records) => {
        const read = readRecordBatches(write(records), place);
        expect(read.nextOffset).toBe(records.length);
        expect(
          read.records.map(({ key, value, headers }) => ({ key, value, headers: Object.entries(headers) })),
        ).toEqual(records.map(asRead));
        expect(read.records.map((record) => record.offset)).toEqual(records.map((_, index) => index));
        expect(read.records.every((record) => record.appendedAtMs === timestampMs)).toBe(true);
      }),
    );
  });

  it('come without headers when nobody reads them, and are whole otherwise', () => {
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 30 }), (records) => {
        const bytes = write(records);
        const read = readRecordBatches(bytes, place, false);
        const bare = readRecordBatches(bytes, place).records.map((record) => ({ ...record, headers: {} }));
        expect(read).toEqual({ records: bare, nextOffset: records.length });
      }),
    );
  });

  it('hold records of every length around the limits of the length prefix', () => {
    for (const size of [0, 40, 50, 60, 8_170, 8_180, 8_190, 1_048_560, 1_048_580]) {
      const value = Buffer.alloc(size, 7);
      const [record] = readRecordBatches(write([{ key: null, value }]), place).records;
      expect(record?.value?.equals(value)).toBe(true);
    }
  });

  it('are estimated to need no less than they do when the text is ASCII', () => {
    const record = {
      key: 'k'.repeat(36),
      value: Buffer.alloc(100),
      headers: { name: 'value', other: Buffer.alloc(9) },
    };
    const actual = write([record, record]).length - 61;
    expect(estimateBytes(record) * 2).toBeGreaterThanOrEqual(actual);
    expect(estimateBytes(record) * 2).toBeLessThan(actual * 1.3);
  });

  it('begin at the wanted offset although a batch begins before it, and end where a batch is cut off', () => {
    const records = ['a', 'b', 'c'].map((value) => ({ key: null, value: Buffer.from(value) }));
    const first = withBaseOffset(write(records), 10);
    const second = withBaseOffset(write(records), 13);
    const cut = Buffer.concat([first, second, first.subarray(0, 70)]);
    const read = readRecordBatches(cut, { ...place, fromOffset: 12 });
    expect(read.records.map((record) => record.offset)).toEqual([12, 13, 14, 15]);
    expect(read.nextOffset).toBe(16);
  });

  it('take the time of the broker where the topic wants it', () => {
    const batch = write([{ key: null, value: null }]);
    batch.writeInt16BE(0x08, 21);
    batch.writeBigInt64BE(99n, 35);
    expect(readRecordBatches(rechecked(batch), place).records[0]?.appendedAtMs).toBe(99);
  });

  it('are unpacked from gzip', () => {
    const plain = write([{ key: 'k', value: Buffer.from('packed') }]);
    const batch = Buffer.concat([plain.subarray(0, 61), gzipSync(plain.subarray(61))]);
    batch.writeInt16BE(1, 21);
    expect(String(readRecordBatches(rechecked(batch), place).records[0]?.value)).toBe('packed');
  });

  it('give out the marker of a transaction as a record without key and value', () => {
    const marker = write([{ key: Buffer.from([0, 0, 0, 1]), value: Buffer.from([0, 0, 0, 0, 0, 7]) }]);
    marker.writeInt16BE(0x20, 21);
    const { records, nextOffset } = readRecordBatches(rechecked(marker), place);
    expect(records).toMatchObject([{ offset: 0, key: null, value: null, headers: {} }]);
    expect(nextOffset).toBe(1);
  });

  it.each([
    ['a flipped bit', (batch: Buffer) => void (batch[70] = (batch[70] ?? 0) ^ 1), /checksum/],
    ['an old format', (batch: Buffer) => void (batch[16] = 1), /format 1/],
    [
      'zstd',
      (batch: Buffer) => (batch.writeInt16BE(4, 21), void rechecked(batch)),
      /zstd.*compression\.type/,
    ],
    ['a length that lies', (batch: Buffer) => ((batch[61] = 0x7e), void rechecked(batch)), /./],
  ])('refuse %s', (_what, damage, message) => {
    const batch = write([{ key: 'key', value: Buffer.from('value') }]);
    damage(batch);
    expect(() => readRecordBatches(batch, place)).toThrow(RecordFormatError);
    expect(() => readRecordBatches(batch, place)).toThrow(message);
  });

  it('keep a header named __proto__ a header', () => {
    const headers = JSON.parse('{"__proto__":"x"}') as RecordHeaders;
    const [record] = readRecordBatches(write([{ key: null, value: null, headers }]), place).records;
    expect(Object.entries(record?.headers ?? {})).toEqual([['__proto__', Buffer.from('x')]]);
    expect(Object.getPrototypeOf(record?.headers)).toBe(Object.prototype);
  });
});
