import type { ClientBase } from 'pg';
import type { LogRecord, RecordHeaders } from '../chassis/kafka/log';
import type { DeadLetterRow } from '../migrations/tables';
import { viewsToday } from '../migrations/views/today';
import type { ViewSchema } from '../migrations/views/view-shape';
import { originalHeaders, readDeadLetter } from '../schemas/dead-letter';
import { readMetadata } from '../schemas/headers';
import { topics } from '../schemas/topics';
import { moveOf, toReading, type Projection, type Written } from './batch';
import { listOf, toColumns, unnestOf } from './columns';

const columns = {
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
  parked_at: 'bigint',
  copies: 'integer',
} as const satisfies Readonly<Record<keyof DeadLetterRow, string>>;

/** Header bytes need not be text, and jsonb holds no NUL: base64 keeps every byte. */
const headersAsBase64 = (headers: RecordHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name.replaceAll('\u0000', ''), Buffer.from(value as string).toString('base64')]],
    ),
  );

export const toDeadLetterRow = (record: LogRecord): DeadLetterRow => {
  const letter = readDeadLetter(record);
  return {
    source_topic: letter.source.topic,
    source_partition: letter.source.partition,
    source_offset: letter.source.offset,
    partition: record.partition,
    offset: record.offset,
    key: record.key,
    value: record.value,
    headers: headersAsBase64(originalHeaders(record.headers)),
    reason: letter.reason,
    detail: letter.detail,
    consumer: letter.consumer,
    attempts: letter.attempts,
    correlation_id: readMetadata(record).correlation_id,
    parked_at: record.appendedAtMs,
    copies: 1,
  };
};

const sourceOf = (row: DeadLetterRow): string =>
  `${row.source_topic}:${row.source_partition}:${row.source_offset}`;

/** One row a source record: a statement may not touch a row twice, so copies within a batch are counted here. */
export const mergeCopies = (rows: readonly DeadLetterRow[]): readonly DeadLetterRow[] => {
  const merged = new Map<string, DeadLetterRow>();
  for (const row of rows) {
    const first = merged.get(sourceOf(row));
    merged.set(sourceOf(row), first ? { ...first, copies: first.copies + 1 } : row);
  }
  return [...merged.values()];
};

const writeLetters = async (
  client: ClientBase,
  schema: ViewSchema,
  rows: readonly DeadLetterRow[],
): Promise<Written> => {
  if (rows.length === 0) return { decided: [], setAside: 0 };
  const plain = rows.map((row) => ({ ...row, headers: JSON.stringify(row.headers) }));
  await client.query({
    name: `dead-letters-${schema}`,
    text: `insert into ${schema}.dead_letters as t (${listOf(columns)})
      select * from ${unnestOf(columns)}
      on conflict (source_topic, source_partition, source_offset) do update set copies = t.copies + excluded.copies`,
    values: toColumns(plain, Object.keys(columns) as (keyof DeadLetterRow)[]),
  });
  return { decided: [], setAside: 0 };
};

interface Letter {
  readonly record: LogRecord;
}

/** What could not be processed, for operators. The first copy of a letter stands. */
export const createDeadLettersProjection = (): Projection<Letter> => ({
  view: 'dead-letters',
  version: viewsToday['dead-letters'].version,
  offsetsTable: viewsToday['dead-letters'].tables[0],
  topics: [topics.orderDlq.name],
  read: async (records) =>
    toReading(
      records,
      records.map((record) => ({ record })),
      [],
    ),
  fold: (pieces) => {
    const letters = pieces.flatMap((piece) => piece.facts.map(({ record }) => toDeadLetterRow(record)));
    const moves = pieces.map((piece) => moveOf(piece));
    return { moves, write: (client, schema) => writeLetters(client, schema, mergeCopies(letters)) };
  },
});
