import { deflateRawSync } from 'node:zlib';
import { zipEntry } from './zip-entry';

const localHeader = (name: string, packed: Buffer, method: number): Buffer => {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), packed]);
};

const directoryEntry = (name: string, packed: Buffer, method: number, headerAt: number): Buffer => {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt32LE(headerAt, 42);
  return Buffer.concat([entry, Buffer.from(name)]);
};

/** A zip of one stored and one deflated file. */
const sampleZip = (): Buffer => {
  const stored = Buffer.from('as it is');
  const deflated = deflateRawSync(Buffer.from('squeezed'.repeat(100)));
  const first = localHeader('a/stored', stored, 0);
  const second = localHeader('a/deflated', deflated, 8);
  const directory = Buffer.concat([
    directoryEntry('a/stored', stored, 0, 0),
    directoryEntry('a/deflated', deflated, 8, first.length),
  ]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(first.length + second.length, 16);
  return Buffer.concat([first, second, directory, end]);
};

describe('zipEntry', () => {
  it('gives a stored and a deflated file', () => {
    expect(zipEntry(sampleZip(), 'a/stored').toString()).toBe('as it is');
    expect(zipEntry(sampleZip(), 'a/deflated').toString()).toBe('squeezed'.repeat(100));
  });

  it('says which file is missing, and what is no zip', () => {
    expect(() => zipEntry(sampleZip(), 'b')).toThrow('The zip file has no b');
    expect(() => zipEntry(Buffer.alloc(100), 'b')).toThrow('Not a zip file');
  });
});
