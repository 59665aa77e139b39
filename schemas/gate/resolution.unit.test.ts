import { Type, type Schema as AvscSchema } from 'avsc';
import fc from 'fast-check';
import { arbitraryPair, arbitraryRecord, type Schema } from '../../tests/support/arbitrary-schemas';
import { parseAvro } from './avro-tree';
import { readingFaults } from './resolution';

const typeOf = (schema: Schema): Type => Type.forSchema(schema as AvscSchema);

const avscReads = (reader: Schema, writer: Schema): boolean => {
  const [readerType, writerType] = [typeOf(reader), typeOf(writer)];
  try {
    readerType.createResolver(writerType);
    return true;
  } catch {
    return false;
  }
};

const weRead = (reader: Schema, writer: Schema): boolean =>
  readingFaults(parseAvro(reader), parseAvro(writer)).length === 0;

describe('reading across versions', () => {
  test('is judged as avsc really does it, for random pairs of schemas', () => {
    let readable = 0;
    fc.assert(
      fc.property(arbitraryPair, ([reader, writer]) => {
        const wanted = avscReads(reader, writer);
        if (wanted) readable += 1;
        expect(weRead(reader, writer)).toBe(wanted);
        expect(weRead(writer, reader)).toBe(avscReads(writer, reader));
      }),
      { numRuns: 700 },
    );
    expect(readable).toBeGreaterThan(70);
  });

  test('promises what then holds: values of a readable writer are read, byte for byte to the end', () => {
    fc.assert(
      fc.property(arbitraryPair, ([reader, writer]) => {
        fc.pre(weRead(reader, writer));
        const [readerType, writerType] = [typeOf(reader), typeOf(writer)];
        const resolver = readerType.createResolver(writerType);
        for (let sample = 0; sample < 5; sample += 1) {
          const value: unknown = writerType.random();
          expect(readerType.isValid(readerType.fromBuffer(writerType.toBuffer(value), resolver))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('always works for a schema and itself', () => {
    fc.assert(fc.property(arbitraryRecord, (schema) => weRead(schema, schema)));
  });

  test('ends for a record that contains itself', () => {
    const list = (value: string): Schema => ({
      type: 'record',
      name: 'Node',
      fields: [
        { name: 'value', type: value },
        { name: 'next', type: ['null', 'Node'], default: null },
      ],
    });
    expect(weRead(list('long'), list('int'))).toBe(true);
    expect(weRead(list('int'), list('long'))).toBe(false);
  });
});
