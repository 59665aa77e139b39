/** Rows as one array a column: what `unnest` takes, and the fastest way to give PostgreSQL many rows by parameters. */
export const toColumns = <R extends object>(
  rows: readonly R[],
  names: readonly (keyof R & string)[],
): unknown[][] => names.map((name) => rows.map((row) => row[name] as unknown));

/** `unnest($1::text[], $2::bigint[], …)`, in the order of the columns. */
export const unnestOf = (types: Readonly<Record<string, string>>, firstParameter = 1): string =>
  `unnest(${Object.values(types)
    .map((type, index) => `$${index + firstParameter}::${type}[]`)
    .join(', ')})`;

/** Column names as SQL, quoted because one of ours is `offset`. */
export const listOf = (types: Readonly<Record<string, string>>, prefix = ''): string =>
  Object.keys(types)
    .map((name) => `${prefix}"${name}"`)
    .join(', ');
