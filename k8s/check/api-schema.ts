import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Manifest, Problem } from './manifest';
import { nameOf } from './manifest';

interface ApiDescription {
  readonly kinds: Readonly<Record<string, object>>;
  readonly definitions?: Readonly<Record<string, object>>;
}

const read = (folder: string, file: string): ApiDescription =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as ApiDescription;

/** Two entries of a list that the API server merges by key, such as two variables of one name. */
const duplicateKeys = (keys: readonly string[], list: readonly unknown[]): boolean => {
  const seen = list.map((entry) =>
    JSON.stringify(keys.map((key) => (entry as Record<string, unknown> | null)?.[key])),
  );
  return new Set(seen).size < seen.length;
};

const createValidator = (): Ajv => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addKeyword({
    keyword: 'x-kubernetes-list-map-keys',
    type: 'array',
    validate: (keys: readonly string[], list: readonly unknown[]) => !duplicateKeys(keys, list),
    error: { message: 'has two entries with the same key' },
  });
  return ajv;
};

const describe = (error: ErrorObject): string => {
  const where = error.instancePath === '' ? '/' : error.instancePath;
  if (error.keyword === 'additionalProperties') {
    return `${where} has no member ${String(error.params['additionalProperty'])}`;
  }
  const allowed = error.keyword === 'enum' ? ` (${JSON.stringify(error.params['allowedValues'])})` : '';
  return `${where} ${error.message ?? 'is not valid'}${allowed}`;
};

/** Judges a manifest by the API's own schema of its kind; empty when it is valid. */
export type SchemaCheck = (manifest: Manifest) => readonly Problem[];

/** @param folder the one with kubernetes.json and custom-resources.json */
export const createSchemaCheck = (folder: string): SchemaCheck => {
  const kubernetes = read(folder, 'kubernetes.json');
  const { definitions } = kubernetes;
  const kinds = { ...kubernetes.kinds, ...read(folder, 'custom-resources.json').kinds };
  const ajv = createValidator();
  const compiled = new Map<string, ValidateFunction>();
  return (manifest) => {
    const where = nameOf(manifest);
    const kind = `${manifest.apiVersion}/${manifest.kind}`;
    const schema = kinds[kind];
    if (schema === undefined) return [{ where, what: `${kind} is not a kind in k8s/schemas` }];
    const validate = compiled.get(kind) ?? ajv.compile({ ...schema, definitions });
    compiled.set(kind, validate);
    if (validate(manifest)) return [];
    return (validate.errors ?? []).map((error) => ({ where, what: describe(error) }));
  };
};
