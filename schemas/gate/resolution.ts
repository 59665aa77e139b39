import type { AvroField, AvroNode, Primitive } from './avro-tree';

/** Why a reader cannot read what a writer wrote, at one place of the schema. */
export type Fault = { readonly path: string } & (
  | { readonly kind: 'field-missing'; readonly field: string }
  | { readonly kind: 'type'; readonly reader: AvroNode; readonly writer: AvroNode }
  | { readonly kind: 'name'; readonly reader: string; readonly writer: string }
  | { readonly kind: 'symbols'; readonly enumName: string; readonly symbols: readonly string[] }
  | { readonly kind: 'size'; readonly reader: number; readonly writer: number }
  | { readonly kind: 'branch'; readonly reader: AvroNode; readonly branch: AvroNode }
);

type RecordNode = Extract<AvroNode, { kind: 'record' }>;
type EnumNode = Extract<AvroNode, { kind: 'enum' }>;
type FixedNode = Extract<AvroNode, { kind: 'fixed' }>;
type ItemsNode = Extract<AvroNode, { kind: 'array' | 'map' }>;

/** Avro's promotions: what a reader of the first may be given besides itself. */
const promotions: Readonly<Partial<Record<Primitive, readonly Primitive[]>>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  string: ['bytes'],
  bytes: ['string'],
};

/** Pairs of records under comparison: a record that contains itself is compared once. */
type Seen = readonly (readonly [reader: AvroNode, writer: AvroNode])[];

const at = (path: string, step: string): string => (path === '' ? step : `${path}.${step}`);

const readField = (field: AvroField, writer: RecordNode, path: string, seen: Seen): readonly Fault[] => {
  const written = writer.fields.find(({ name }) => name === field.name);
  const place = at(path, field.name);
  if (written) return faultsBetween(field.node, written.node, place, seen);
  return field.hasDefault ? [] : [{ kind: 'field-missing', path: place, field: field.name }];
};

const readRecord = (reader: RecordNode, writer: RecordNode, path: string, seen: Seen): readonly Fault[] => {
  if (reader.name !== writer.name) return [{ kind: 'name', path, reader: reader.name, writer: writer.name }];
  if (seen.some((pair) => pair[0] === reader && pair[1] === writer)) return [];
  const inside: Seen = [...seen, [reader, writer]];
  return reader.fields.flatMap((field) => readField(field, writer, path, inside));
};

const readEnum = (reader: EnumNode, writer: EnumNode, path: string): readonly Fault[] => {
  if (reader.name !== writer.name) return [{ kind: 'name', path, reader: reader.name, writer: writer.name }];
  const unknown = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
  if (unknown.length === 0 || reader.default !== undefined) return [];
  return [{ kind: 'symbols', path, enumName: reader.name, symbols: unknown }];
};

const readsPrimitive = (reader: Primitive, writer: Primitive): boolean =>
  reader === writer || promotions[reader]?.includes(writer) === true;

const readFixed = (reader: FixedNode, writer: FixedNode, path: string): readonly Fault[] => {
  if (reader.name !== writer.name) return [{ kind: 'name', path, reader: reader.name, writer: writer.name }];
  return reader.size === writer.size
    ? []
    : [{ kind: 'size', path, reader: reader.size, writer: writer.size }];
};

const readItems = (reader: ItemsNode, writer: ItemsNode, path: string, seen: Seen): readonly Fault[] =>
  faultsBetween(reader.items, writer.items, at(path, 'items'), seen);

const otherType = (reader: AvroNode, writer: AvroNode, path: string): readonly Fault[] => [
  { kind: 'type', path, reader, writer },
];

const readNamed = (
  reader: RecordNode | EnumNode | FixedNode,
  writer: AvroNode,
  path: string,
  seen: Seen,
): readonly Fault[] => {
  switch (reader.kind) {
    case 'record':
      return writer.kind === 'record'
        ? readRecord(reader, writer, path, seen)
        : otherType(reader, writer, path);
    case 'enum':
      return writer.kind === 'enum' ? readEnum(reader, writer, path) : otherType(reader, writer, path);
    case 'fixed':
      return writer.kind === 'fixed' ? readFixed(reader, writer, path) : otherType(reader, writer, path);
  }
};

/** Neither side is a union here. */
const readPlain = (
  reader: Exclude<AvroNode, { kind: 'union' }>,
  writer: AvroNode,
  path: string,
  seen: Seen,
): readonly Fault[] => {
  switch (reader.kind) {
    case 'primitive':
      return writer.kind === 'primitive' && readsPrimitive(reader.name, writer.name)
        ? []
        : otherType(reader, writer, path);
    case 'array':
    case 'map':
      return writer.kind === reader.kind
        ? readItems(reader, writer, path, seen)
        : otherType(reader, writer, path);
    case 'record':
    case 'enum':
    case 'fixed':
      return readNamed(reader, writer, path, seen);
  }
};

const faultsBetween = (reader: AvroNode, writer: AvroNode, path: string, seen: Seen): readonly Fault[] => {
  if (writer.kind === 'union') {
    return writer.branches.flatMap((branch) =>
      faultsBetween(reader, branch, path, seen).map((fault) =>
        fault.kind === 'type' && fault.path === path ? { kind: 'branch', path, reader, branch } : fault,
      ),
    );
  }
  if (reader.kind !== 'union') return readPlain(reader, writer, path, seen);
  const tries = reader.branches.map((branch) => faultsBetween(branch, writer, path, seen));
  if (tries.some((faults) => faults.length === 0)) return [];
  const ofSameKind = tries.find(
    (_, index) => writer.kind !== 'primitive' && reader.branches[index]?.kind === writer.kind,
  );
  return ofSameKind ?? [{ kind: 'branch', path, reader, branch: writer }];
};

/**
 * Avro's schema resolution, decided from the two schemas alone: empty when every value written with `writer` can be
 * read into `reader`. Aliases are ignored; the house rules refuse them.
 */
export const readingFaults = (reader: AvroNode, writer: AvroNode): readonly Fault[] =>
  faultsBetween(reader, writer, '', []);
