const needsEscape = /["\\]/;
const special = /["\\]/g;

const elementOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Buffer.isBuffer(value)) return `"\\\\x${value.toString('hex')}"`;
  if (typeof value !== 'string') throw new TypeError(`a column cannot hold ${typeof value}`);
  return needsEscape.test(value) ? `"${value.replace(special, '\\$&')}"` : `"${value}"`;
};

/**
 * An array as PostgreSQL reads it, of numbers, booleans, text, bytes and nulls. The client's own way takes twice the
 * time: it quotes numbers and runs two replacements over every text.
 */
export const arrayLiteral = <R>(rows: readonly R[], valueOf: (row: R) => unknown): string => {
  let text = '{';
  for (let index = 0; index < rows.length; index += 1) {
    if (index > 0) text += ',';
    text += elementOf(valueOf(rows[index] as R));
  }
  return `${text}}`;
};

export const namesOf = <R extends object>(columns: Readonly<Record<keyof R, string>>): (keyof R & string)[] =>
  Object.keys(columns) as (keyof R & string)[];

/** Rows as one array a column: what `unnest` takes, and the fastest way to give PostgreSQL many rows by parameters. */
export const toColumns = <R extends object>(
  rows: readonly R[],
  names: readonly (keyof R & string)[],
): string[] => names.map((name) => arrayLiteral(rows, (row) => row[name]));

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
