import { Type, type Schema as AvscSchema } from 'avsc';
import fc from 'fast-check';

/** Random Avro schemas for the gate's property tests: few names and symbols, so that pairs of them often nearly fit. */

export type Schema = string | readonly Schema[] | { readonly [member: string]: unknown };

const primitive = fc.constantFrom('null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string');

const enumOf = (name: string): fc.Arbitrary<Schema> =>
  fc
    .record({
      symbols: fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'), { minLength: 1, maxLength: 4 }),
      withDefault: fc.boolean(),
    })
    .map(({ symbols, withDefault }) => ({
      type: 'enum',
      name,
      symbols,
      ...(withDefault ? { default: symbols[0] } : {}),
    }));

const fixedOf = (name: string): fc.Arbitrary<Schema> =>
  fc.integer({ min: 1, max: 3 }).map((size) => ({ type: 'fixed', name, size }));

/** What Avro lets a union hold once: each unnamed type, and each name. */
const unionKeyOf = (schema: Schema): string => {
  if (typeof schema === 'string') return schema;
  const { type, name } = schema as { type: string; name?: string };
  return name ?? type;
};

/** A default that fits, for the types that have an obvious one. */
const defaultOf = (schema: Schema): unknown => {
  const first = Array.isArray(schema) ? (schema as readonly Schema[])[0] : schema;
  const defaults: Record<string, unknown> = { null: null, boolean: false, bytes: '', string: '' };
  if (typeof first === 'string') return first in defaults ? defaults[first] : 0;
  const { type, symbols } = first as { type: string; symbols?: readonly string[] };
  if (type === 'enum') return symbols?.[0];
  return type === 'array' ? [] : type === 'map' ? {} : undefined;
};

interface Drawn {
  readonly name: string;
  readonly type: Schema;
  readonly withDefault: boolean;
}

const fieldOf = ({ name, type, withDefault }: Drawn): Schema => {
  const value = withDefault ? defaultOf(type) : undefined;
  return value === undefined ? { name, type } : { name, type, default: value };
};

/** Names are numbered by place, because a schema may define each name once. */
const typeAt = (place: string, depth: number): fc.Arbitrary<Schema> => {
  const leaf = fc.oneof(
    { weight: 4, arbitrary: primitive },
    enumOf(`Enum${place}`),
    fixedOf(`Fixed${place}`),
  );
  if (depth === 0) return leaf;
  const inner = typeAt(`${place}I`, depth - 1);
  const union = fc
    .uniqueArray(fc.oneof(leaf, inner), { minLength: 1, maxLength: 3, selector: unionKeyOf })
    .filter((branches) => branches.every((branch) => !Array.isArray(branch)));
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    inner.map((items): Schema => ({ type: 'array', items })),
    inner.map((values): Schema => ({ type: 'map', values })),
    { weight: 2, arbitrary: union },
    recordAt(`Record${place}`, `${place}R`, depth - 1),
  );
};

const recordAt = (name: string, place: string, depth: number): fc.Arbitrary<Schema> =>
  fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
    .chain((names) =>
      fc.tuple(
        ...names.map((field) =>
          fc.record({
            name: fc.constant(field),
            type: typeAt(`${place}${field}`, depth),
            withDefault: fc.boolean(),
          }),
        ),
      ),
    )
    .map((fields): Schema => ({ type: 'record', name, namespace: 'flashsale', fields: fields.map(fieldOf) }));

const isSchema = (schema: Schema): boolean => {
  try {
    return Type.isType(Type.forSchema(schema as AvscSchema));
  } catch {
    return false;
  }
};

/** A record, as the root of every event is; two branches of a union may have drawn the same name, hence the filter. */
export const arbitraryRecord: fc.Arbitrary<Schema> = recordAt('Event', 'E', 2).filter(isSchema);

const changes: readonly ((fields: Record<string, unknown>[], pick: number) => Record<string, unknown>[])[] = [
  (fields) => fields,
  (fields, pick) => fields.filter((_, index) => index !== pick % fields.length),
  (fields) => [...fields, { name: 'added', type: ['null', 'string'], default: null }],
  (fields) => [...fields, { name: 'added', type: 'string' }],
  (fields, pick) =>
    fields.map((field, index) => (index === pick % fields.length ? { ...field, name: 'renamed' } : field)),
  (fields, pick) =>
    fields.map((field, index) =>
      index === pick % fields.length ? { name: field.name, type: field.type } : field,
    ),
  (fields) => [...fields].reverse(),
];

/** One field in two versions, of the same name and, where it is an enum or a fixed, of the same type name. */
const versionOfField = fc
  .record({
    type: fc.oneof(primitive as fc.Arbitrary<Schema>, enumOf('Kind'), fixedOf('Kind')),
    isNullable: fc.boolean(),
    withDefault: fc.boolean(),
  })
  .map(({ type, isNullable, withDefault }) =>
    fieldOf({ name: 'kind', type: isNullable && type !== 'null' ? ['null', type] : type, withDefault }),
  );

const withField = (schema: Schema, field: Schema): Schema => {
  const record = schema as { fields: readonly Schema[] };
  return { ...record, fields: [...record.fields, field] };
};

/** A schema and a hand-made change of it: two independent random ones hardly ever fit together. */
export const arbitraryPair: fc.Arbitrary<readonly [Schema, Schema]> = fc.oneof(
  fc.tuple(arbitraryRecord, arbitraryRecord),
  fc
    .tuple(recordAt('Event', 'E', 0), versionOfField, versionOfField)
    .map(([schema, one, other]): [Schema, Schema] => [withField(schema, one), withField(schema, other)])
    .filter((pair) => pair.every(isSchema)),
  fc
    .tuple(arbitraryRecord, fc.constantFrom(...changes), fc.nat())
    .map(([schema, change, pick]): [Schema, Schema] => {
      const record = schema as { fields: Record<string, unknown>[] };
      return [schema, { ...record, fields: change(record.fields, pick) }];
    }),
);
