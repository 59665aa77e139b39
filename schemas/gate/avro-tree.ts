/** An Avro schema as a tree: short forms spelled out, names qualified, references followed. */
export type AvroNode =
  | { readonly kind: 'primitive'; readonly name: Primitive; readonly logicalType: string | undefined }
  | { readonly kind: 'record'; readonly name: string; readonly fields: readonly AvroField[] }
  | {
      readonly kind: 'enum';
      readonly name: string;
      readonly symbols: readonly string[];
      readonly default: string | undefined;
    }
  | {
      readonly kind: 'fixed';
      readonly name: string;
      readonly size: number;
      readonly logicalType: string | undefined;
    }
  | { readonly kind: 'array' | 'map'; readonly items: AvroNode }
  | { readonly kind: 'union'; readonly branches: readonly AvroNode[] };

export interface AvroField {
  readonly name: string;
  readonly node: AvroNode;
  readonly hasDefault: boolean;
  /** As JSON text. */
  readonly defaultText: string | undefined;
  readonly hasAliases: boolean;
}

const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
export type Primitive = (typeof primitives)[number];

type Json = Readonly<Record<string, unknown>>;

interface Names {
  readonly space: string;
  readonly known: Map<string, AvroNode>;
}

const isPrimitive = (name: string): name is Primitive => (primitives as readonly string[]).includes(name);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const qualify = (name: string, space: string): string =>
  name.includes('.') || space === '' ? name : `${space}.${name}`;

const parseName = (name: string, names: Names): AvroNode => {
  if (isPrimitive(name)) return { kind: 'primitive', name, logicalType: undefined };
  const known = names.known.get(qualify(name, names.space)) ?? names.known.get(name);
  if (!known) throw new Error(`there is no type named ${name}`);
  return known;
};

const parseField = (json: Json, names: Names): AvroField => ({
  name: String(json.name),
  node: parseNode(json.type, names),
  hasDefault: json.default !== undefined,
  defaultText: json.default === undefined ? undefined : JSON.stringify(json.default),
  hasAliases: Array.isArray(json.aliases) && json.aliases.length > 0,
});

const parseRecord = (json: Json, name: string, names: Names): AvroNode => {
  const fields: AvroField[] = [];
  const node: AvroNode = { kind: 'record', name, fields };
  /** Known before its fields are, because a record may contain itself. */
  names.known.set(name, node);
  const space = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  for (const field of Array.isArray(json.fields) ? (json.fields as Json[]) : []) {
    fields.push(parseField(field, { ...names, space }));
  }
  return node;
};

const parseNamed = (json: Json, kind: 'record' | 'enum' | 'fixed', names: Names): AvroNode => {
  const name = qualify(String(json.name), textOf(json.namespace) ?? names.space);
  if (kind === 'record') return parseRecord(json, name, names);
  const node: AvroNode =
    kind === 'enum'
      ? { kind, name, symbols: (json.symbols as string[]).map(String), default: textOf(json.default) }
      : { kind, name, size: Number(json.size), logicalType: textOf(json.logicalType) };
  names.known.set(name, node);
  return node;
};

const parseObject = (json: Json, names: Names): AvroNode => {
  const { type } = json;
  switch (type) {
    case 'record':
    case 'enum':
    case 'fixed':
      return parseNamed(json, type, names);
    case 'array':
      return { kind: 'array', items: parseNode(json.items, names) };
    case 'map':
      return { kind: 'map', items: parseNode(json.values, names) };
    default: {
      const node = parseNode(type, names);
      return node.kind === 'primitive' ? { ...node, logicalType: textOf(json.logicalType) } : node;
    }
  }
};

const parseNode = (json: unknown, names: Names): AvroNode => {
  if (typeof json === 'string') return parseName(json, names);
  if (Array.isArray(json)) return { kind: 'union', branches: json.map((branch) => parseNode(branch, names)) };
  if (typeof json === 'object' && json !== null) return parseObject(json as Json, names);
  throw new Error(`${JSON.stringify(json)} is no type`);
};

/**
 * Assumes what avsc has already found to be a schema.
 * @throws Error when a type is named that is not there.
 */
export const parseAvro = (json: unknown): AvroNode => parseNode(json, { space: '', known: new Map() });

/** A type in a word or two, for messages. */
export const describe = (node: AvroNode): string => {
  switch (node.kind) {
    case 'primitive':
      return node.logicalType === undefined ? node.name : `${node.name} (${node.logicalType})`;
    case 'record':
    case 'enum':
      return `${node.kind} ${node.name}`;
    case 'fixed':
      return `fixed ${node.name} of ${node.size} bytes`;
    case 'array':
    case 'map':
      return `${node.kind} of ${describe(node.items)}`;
    case 'union':
      return node.branches.map(describe).join(' or ');
  }
};
