import { parseAllDocuments } from 'yaml';

/** A Kubernetes object as it was written; nothing in it is trusted to have the right shape. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly [member: string]: unknown;
}

export type Labels = Readonly<Record<string, string>>;

/** One fault, with the object it is in as `Kind/name`. */
export interface Problem {
  readonly where: string;
  readonly what: string;
}

export const nameOf = (manifest: Manifest): string => `${manifest.kind}/${manifest.metadata.name}`;

/** @throws Error when a document is not YAML, or no object with a kind and a name. */
export const parseManifests = (yaml: string): readonly Manifest[] =>
  parseAllDocuments(yaml).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw error;
    const value = document.toJS() as Manifest | null;
    if (value === null) return [];
    const named = typeof value.kind === 'string' && typeof (value.metadata as unknown) === 'object';
    if (!named) throw new Error(`No kind or metadata in: ${JSON.stringify(value).slice(0, 80)}`);
    return [value];
  });

/** The member at a path such as `spec.template.spec`, undefined when a step is missing. */
export const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (inner, step) =>
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[step] : undefined,
      value,
    );

export const listAt = (value: unknown, path: string): readonly unknown[] => {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
};

export const textAt = (value: unknown, path: string): string | undefined => {
  const found = at(value, path);
  return typeof found === 'string' ? found : undefined;
};

export const labelsAt = (value: unknown, path: string): Labels => (at(value, path) ?? {}) as Labels;

/** Whether a label selector with `matchLabels` and `matchExpressions` (In, NotIn, Exists, DoesNotExist) selects. */
export const selects = (selector: unknown, labels: Labels): boolean => {
  const equal = Object.entries(labelsAt(selector, 'matchLabels')).every(
    ([name, value]) => labels[name] === value,
  );
  return equal && listAt(selector, 'matchExpressions').every((expression) => holds(expression, labels));
};

const holds = (expression: unknown, labels: Labels): boolean => {
  const value = labels[textAt(expression, 'key') ?? ''];
  const among = value !== undefined && listAt(expression, 'values').includes(value);
  switch (textAt(expression, 'operator')) {
    case 'In':
      return among;
    case 'NotIn':
      return !among;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
    case undefined:
    default:
      return value === undefined;
  }
};
