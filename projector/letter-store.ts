import type { ClientBase } from 'pg';
import type { DeadLetterRow, LetterActionRow, LetterCommandRow } from '../migrations/tables';
import type { ViewSchema } from '../migrations/views/view-shape';
import { listOf, namesOf, toColumns, unnestOf } from './columns';
import { letterIdOf, type LetterFacts } from './letter-facts';

const letterColumnTypes = {
  source_topic: 'text',
  source_partition: 'integer',
  source_offset: 'bigint',
  partition: 'integer',
  offset: 'bigint',
  key: 'bytea',
  value: 'bytea',
  headers: 'jsonb',
  reason: 'text',
  detail: 'text',
  consumer: 'text',
  attempts: 'integer',
  correlation_id: 'text',
  failed_at: 'bigint',
  parked_at: 'bigint',
  group_id: 'text',
  subject: 'text',
  item_id: 'text',
  decoded: 'jsonb',
  copies: 'integer',
} as const satisfies Readonly<Record<keyof DeadLetterRow, string>>;

const actionColumns = {
  source_topic: 'text',
  source_partition: 'integer',
  source_offset: 'bigint',
  command_id: 'text',
  effect: 'text',
  subject: 'text',
  detail: 'text',
  acted_at: 'bigint',
  offset: 'bigint',
  failed_at: 'bigint',
  failed_reason: 'text',
  failed_detail: 'text',
} as const satisfies Readonly<Record<keyof LetterActionRow, string>>;

const commandColumns = {
  command_id: 'text',
  kind: 'text',
  letters: 'integer',
  rate_per_second: 'integer',
  note: 'text',
  actor: 'text',
  ordered_at: 'bigint',
  offset: 'bigint',
} as const satisfies Readonly<Record<keyof LetterCommandRow, string>>;

/** The copy that stands for a letter: the one that was parked first, by the broker's time. */
const isEarlier = (one: DeadLetterRow, other: DeadLetterRow): boolean =>
  one.parked_at - other.parked_at < 0 ||
  (one.parked_at === other.parked_at && (one.partition - other.partition || one.offset - other.offset) < 0);

/** One row a letter: a statement may not touch a row twice, so copies within a batch are counted here. */
export const mergeCopies = (rows: readonly DeadLetterRow[]): readonly DeadLetterRow[] => {
  const merged = new Map<string, DeadLetterRow>();
  for (const row of rows) {
    const known = merged.get(letterIdOf(row));
    const first = known === undefined || isEarlier(row, known) ? row : known;
    merged.set(letterIdOf(row), { ...first, copies: row.copies + (known?.copies ?? 0) });
  }
  return [...merged.values()];
};

/** One row for each letter and command: what was said first stands, and the latest failure. */
export const mergeActions = (rows: readonly LetterActionRow[]): readonly LetterActionRow[] => {
  const merged = new Map<string, LetterActionRow>();
  for (const row of rows) {
    const name = `${letterIdOf(row)} ${row.command_id}`;
    const known = merged.get(name) ?? row;
    const said = known.effect === null ? row : known;
    const failed = (row.failed_at ?? 0) > (known.failed_at ?? 0) ? row : known;
    const { failed_at, failed_reason, failed_detail } = failed;
    merged.set(name, { ...said, failed_at, failed_reason, failed_detail });
  }
  return [...merged.values()];
};

const keptFromFirst = namesOf<DeadLetterRow>(letterColumnTypes).filter(
  (name) => name !== 'copies' && !name.startsWith('source_'),
);

const upsertLetters = async (
  client: ClientBase,
  schema: ViewSchema,
  rows: readonly DeadLetterRow[],
): Promise<void> => {
  if (rows.length === 0) return;
  const plain = rows.map((row) => ({
    ...row,
    headers: JSON.stringify(row.headers),
    decoded: row.decoded === null ? null : JSON.stringify(row.decoded),
  }));
  const isEarlierSql = `(excluded.parked_at, excluded.partition, excluded."offset") < (t.parked_at, t.partition, t."offset")`;
  const first = keptFromFirst.map(
    (name) => `"${name}" = case when ${isEarlierSql} then excluded."${name}" else t."${name}" end`,
  );
  await client.query({
    name: `dead-letters-${schema}`,
    text: `insert into ${schema}.dead_letters as t (${listOf(letterColumnTypes)})
      select * from ${unnestOf(letterColumnTypes)}
      on conflict (source_topic, source_partition, source_offset) do update set
        ${first.join(', ')}, copies = t.copies + excluded.copies`,
    values: toColumns(plain, namesOf<DeadLetterRow>(letterColumnTypes)),
  });
};

const saidColumns = ['effect', 'subject', 'detail', 'acted_at', 'offset'] as const;
const failedColumns = ['failed_at', 'failed_reason', 'failed_detail'] as const;

const upsertActions = async (
  client: ClientBase,
  schema: ViewSchema,
  rows: readonly LetterActionRow[],
): Promise<void> => {
  if (rows.length === 0) return;
  const said = saidColumns.map(
    (name) => `"${name}" = case when t.effect is null then excluded."${name}" else t."${name}" end`,
  );
  const failed = failedColumns.map(
    (name) =>
      `"${name}" = case when coalesce(excluded.failed_at, 0) > coalesce(t.failed_at, 0) then excluded."${name}" else t."${name}" end`,
  );
  await client.query({
    name: `letter-actions-${schema}`,
    text: `insert into ${schema}.letter_actions as t (${listOf(actionColumns)})
      select * from ${unnestOf(actionColumns)}
      on conflict (source_topic, source_partition, source_offset, command_id) do update set
        ${[...said, ...failed].join(', ')}`,
    values: toColumns(rows, namesOf<LetterActionRow>(actionColumns)),
  });
};

/** A record that comes again says nothing new. */
const insertMissingCommands = async (
  client: ClientBase,
  schema: ViewSchema,
  rows: readonly LetterCommandRow[],
): Promise<void> => {
  if (rows.length === 0) return;
  await client.query({
    name: `letter-commands-${schema}`,
    text: `insert into ${schema}.letter_commands (${listOf(commandColumns)})
      select * from ${unnestOf(commandColumns)} on conflict do nothing`,
    values: toColumns(rows, namesOf<LetterCommandRow>(commandColumns)),
  });
};

/** Writes what records said, inside the caller's transaction. The order of the two topics does not matter. */
export const writeLetterFacts = async (
  client: ClientBase,
  schema: ViewSchema,
  facts: readonly LetterFacts[],
): Promise<void> => {
  await upsertLetters(client, schema, mergeCopies(facts.flatMap(({ letters }) => letters)));
  await upsertActions(client, schema, mergeActions(facts.flatMap(({ actions }) => actions)));
  await insertMissingCommands(
    client,
    schema,
    facts.flatMap(({ commands }) => commands),
  );
};
