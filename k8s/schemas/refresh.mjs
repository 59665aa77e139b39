// Rewrites the API descriptions beside this file from the projects' own ones: run it when a pinned version changes.
//   node k8s/schemas/refresh.mjs <kubernetes>/api/openapi-spec/v3 <folder of CustomResourceDefinition files>
// README.md beside this file says which versions and where they come from.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const kubernetesFiles = [
  'api__v1',
  'apis__apps__v1',
  'apis__autoscaling__v2',
  'apis__batch__v1',
  'apis__networking.k8s.io__v1',
  'apis__policy__v1',
];
const kubernetesKinds = new Set([
  'v1/ConfigMap',
  'v1/Namespace',
  'v1/PersistentVolumeClaim',
  'v1/Secret',
  'v1/Service',
  'v1/ServiceAccount',
  'apps/v1/Deployment',
  'apps/v1/StatefulSet',
  'autoscaling/v2/HorizontalPodAutoscaler',
  'batch/v1/CronJob',
  'batch/v1/Job',
  'networking.k8s.io/v1/Ingress',
  'networking.k8s.io/v1/NetworkPolicy',
  'policy/v1/PodDisruptionBudget',
]);

/** What a validator reads; prose, defaults and server-side hints stay out. */
const kept = new Set([
  '$ref',
  'additionalProperties',
  'allOf',
  'anyOf',
  'enum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maximum',
  'minItems',
  'minLength',
  'minimum',
  'multipleOf',
  'not',
  'nullable',
  'oneOf',
  'pattern',
  'properties',
  'required',
  'type',
  'x-kubernetes-list-map-keys',
]);

const slimMap = (map) => Object.fromEntries(Object.entries(map).map(([name, child]) => [name, slim(child)]));

const intOrString = { type: ['integer', 'string'] };
/** `250m`, `1.5`, `512Mi`, `1e3`: the API's description only says "string or number". */
const quantity = {
  type: ['number', 'string'],
  pattern: '^[+-]?[0-9.]+([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$',
};
const quantityName = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

/** An object that names its members has no others: a misspelt field is the commonest fault of a manifest. */
const close = (schema, source) => {
  if (schema.properties === undefined || schema.additionalProperties !== undefined) return schema;
  if (source['x-kubernetes-preserve-unknown-fields'] === true) return schema;
  return { ...schema, additionalProperties: false };
};

/** Some patterns use flags that only Go knows. */
const isJavaScript = (pattern) => {
  try {
    return new RegExp(pattern, 'u') !== undefined;
  } catch {
    return false;
  }
};

const slim = (source) => {
  if (source === null || typeof source !== 'object') return source;
  if (Array.isArray(source)) return source.map(slim);
  if (source['x-kubernetes-int-or-string'] === true || source.format === 'int-or-string') return intOrString;
  const schema = {};
  for (const [name, value] of Object.entries(source)) {
    if (!kept.has(name) || (name === 'pattern' && !isJavaScript(value))) continue;
    schema[name] = name === 'properties' ? slimMap(value) : slim(value);
  }
  if (typeof schema.$ref === 'string') {
    schema.$ref = schema.$ref.replace('#/components/schemas/', '#/definitions/');
  }
  return close(schema, source);
};

const withTypeMeta = (schema) => {
  const properties = { ...schema.properties, apiVersion: { type: 'string' }, kind: { type: 'string' } };
  delete properties.status;
  return { ...schema, properties };
};

const reachable = (roots, definitions) => {
  const found = new Map();
  const visit = (schema) => {
    if (schema === null || typeof schema !== 'object') return;
    const name = typeof schema.$ref === 'string' ? schema.$ref.replace('#/definitions/', '') : undefined;
    if (name !== undefined && !found.has(name)) {
      found.set(name, definitions[name]);
      visit(definitions[name]);
    }
    Object.values(schema).forEach(visit);
  };
  roots.forEach(visit);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const kindOf = (source) => {
  const [gvk] = source['x-kubernetes-group-version-kind'] ?? [];
  return gvk && [gvk.group, gvk.version, gvk.kind].filter((part) => part !== '').join('/');
};

const readKubernetes = (folder) => {
  const definitions = {};
  const kinds = {};
  for (const file of kubernetesFiles) {
    const { components } = JSON.parse(readFileSync(join(folder, `${file}_openapi.json`), 'utf8'));
    for (const [name, source] of Object.entries(components.schemas)) {
      definitions[name] = name === quantityName ? quantity : slim(source);
      const kind = kindOf(source);
      if (kubernetesKinds.has(kind)) kinds[kind] = withTypeMeta(definitions[name]);
    }
  }
  const missing = [...kubernetesKinds].filter((kind) => !(kind in kinds));
  if (missing.length > 0) throw new Error(`Not in the API description: ${missing.join(', ')}`);
  return { kinds, definitions };
};

const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const readCustom = (folder) => {
  const kinds = {};
  for (const file of readdirSync(folder).sort()) {
    for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) {
      const { spec } = document.toJS();
      for (const version of spec.versions.filter((it) => it.served)) {
        const schema = withTypeMeta(slim(version.schema.openAPIV3Schema));
        schema.properties.metadata = { $ref: `#/definitions/${objectMeta}` };
        kinds[`${spec.group}/${version.name}/${spec.names.kind}`] = schema;
      }
    }
  }
  return kinds;
};

const write = (name, value) =>
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(value)}\n`);

const [kubernetesFolder, customFolder] = process.argv.slice(2);
const { kinds, definitions } = readKubernetes(kubernetesFolder);
const custom = readCustom(customFolder);
write('kubernetes', { kinds, definitions: reachable([kinds, custom], definitions) });
write('custom-resources', { kinds: custom });
