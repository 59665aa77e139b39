import type { ClientBase } from 'pg';
import type { ViewName, ViewSchema } from '../../migrations/views/view-shape';
import { datasets, type Dataset } from './datasets';

/** Rows of a bucket, and the sum of their hashes: equal sets of rows give equal sums in any order. */
interface Bucket {
  readonly bucket: number;
  readonly rows: number;
  readonly hash: string;
}

export type Digest = ReadonlyMap<number, Bucket>;

export interface DatasetReport {
  readonly dataset: string;
  readonly live_rows: number;
  readonly built_rows: number;
  readonly equal: boolean;
  /** Rows that differ, some of them: the key, and what each side holds. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly key: string;
  readonly live: unknown;
  readonly built: unknown;
}

const buckets = 1_024;
/** Enough to see what is wrong. */
const differencesMax = 10;

const bucketOf = (dataset: Dataset): string => `(hashtext(${dataset.key}) & ${buckets - 1})`;

/** The columns that both sides have, in one order: a rebuild may add some or drop some. */
const commonColumns = async (client: ClientBase, dataset: Dataset): Promise<readonly string[]> => {
  const columnsIn = async (schema: ViewSchema): Promise<readonly string[]> => {
    const { fields } = await client.query(`select * from (${dataset.rows(schema)}) r limit 0`);
    return fields.map(({ name }) => name);
  };
  const built = new Set(await columnsIn('views_next'));
  return (await columnsIn('views'))
    .filter((name) => built.has(name) && dataset.leftOut?.includes(name) !== true)
    .toSorted();
};

const listed = (columns: readonly string[]): string => columns.map((name) => `"${name}"`).join(', ');

/** A digest of all rows: one pass, and nothing of the rows leaves the server. */
export const digest = async (
  client: ClientBase,
  dataset: Dataset,
  schema: ViewSchema,
  columns: readonly string[],
): Promise<Digest> => {
  const { rows } = await client.query<Bucket>(
    `select ${bucketOf(dataset)} as bucket, count(*)::bigint as rows,
       sum(hashtextextended(row(${listed(columns)})::text, 0)::numeric)::text as hash
     from (${dataset.rows(schema)}) r group by 1`,
  );
  return new Map(rows.map((row) => [row.bucket, row]));
};

const rowsOf = (side: Digest): number => [...side.values()].reduce((sum, { rows }) => sum + rows, 0);

const unequalBuckets = (live: Digest, built: Digest): readonly number[] =>
  [...new Set([...live.keys(), ...built.keys()])].filter((bucket) => {
    const [a, b] = [live.get(bucket), built.get(bucket)];
    return a?.rows !== b?.rows || a?.hash !== b?.hash;
  });

/** Names and values, as `json_build_object` takes them. */
const membersOf = (columns: readonly string[]): string =>
  columns.map((name) => `'${name}', "${name}"`).join(', ');

const rowsIn = async (
  client: ClientBase,
  dataset: Dataset,
  schema: ViewSchema,
  what: { readonly columns: readonly string[]; readonly bucket: number },
): Promise<ReadonlyMap<string, string>> => {
  const { rows } = await client.query<{ key: string; content: string }>(
    `select ${dataset.key} as key, json_build_object(${membersOf(what.columns)})::text as content
     from (${dataset.rows(schema)}) r where ${bucketOf(dataset)} = $1`,
    [what.bucket],
  );
  return new Map(rows.map(({ key, content }) => [key, content]));
};

const parsed = (content: string | undefined): unknown => (content === undefined ? null : JSON.parse(content));

const differencesIn = async (
  sides: Sides,
  dataset: Dataset,
  what: { readonly columns: readonly string[]; readonly bucket: number },
): Promise<readonly Difference[]> => {
  const live = await rowsIn(sides.live, dataset, 'views', what);
  const built = await rowsIn(sides.built, dataset, 'views_next', what);
  return [...new Set([...live.keys(), ...built.keys()])]
    .filter((key) => live.get(key) !== built.get(key))
    .slice(0, differencesMax)
    .map((key) => ({ key, live: parsed(live.get(key)), built: parsed(built.get(key)) }));
};

/** Two sessions: one sees the live view as of a moment, the other the built one when it had come just as far. */
export interface Sides {
  readonly live: ClientBase;
  readonly built: ClientBase;
}

const compare = async (sides: Sides, dataset: Dataset): Promise<DatasetReport> => {
  const columns = await commonColumns(sides.built, dataset);
  const [live, built] = await Promise.all([
    digest(sides.live, dataset, 'views', columns),
    digest(sides.built, dataset, 'views_next', columns),
  ]);
  const unequal = unequalBuckets(live, built);
  const differences: Difference[] = [];
  for (const bucket of unequal) {
    if (differences.length >= differencesMax) break;
    differences.push(...(await differencesIn(sides, dataset, { columns, bucket })));
  }
  return {
    dataset: dataset.name,
    live_rows: rowsOf(live),
    built_rows: rowsOf(built),
    equal: unequal.length === 0,
    differences: differences.slice(0, differencesMax),
  };
};

/** A table that a later version adds is not in the live view, so there is nothing to compare it with. */
const standsInBoth = async (client: ClientBase, { name }: Dataset): Promise<boolean> => {
  const { rows } = await client.query<{ both: boolean }>(
    'select to_regclass($1) is not null and to_regclass($2) is not null as both',
    [`views.${name}`, `views_next.${name}`],
  );
  return rows[0]?.both ?? false;
};

/** Compares all that a view holds, table by table. */
export const compareViews = async (sides: Sides, view: ViewName): Promise<readonly DatasetReport[]> => {
  const reports: DatasetReport[] = [];
  for (const dataset of datasets[view]) {
    if (await standsInBoth(sides.built, dataset)) reports.push(await compare(sides, dataset));
  }
  return reports;
};
