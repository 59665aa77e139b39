import type { Pool } from 'pg';
import type { DeadLetterRow } from '../migrations/tables';

/** A letter in a list. Bytes are base64, because they need not be text. */
export interface DeadLetterBody {
  readonly id: string;
  readonly source: { readonly topic: string; readonly partition: number; readonly offset: number };
  readonly position: { readonly partition: number; readonly offset: number };
  readonly key: string | null;
  readonly key_base64: string | null;
  readonly reason: string;
  readonly detail: string;
  readonly consumer: string;
  readonly attempts: number;
  readonly correlation_id: string;
  readonly parked_at: string;
  readonly copies: number;
  readonly value_bytes: number | null;
}

export interface DeadLetterDetail extends DeadLetterBody {
  readonly value_base64: string | null;
  /** Original headers, values in base64. */
  readonly headers: Readonly<Record<string, string>>;
}

export type DeadLetterCursor = readonly [parkedAt: number, partition: number, offset: number];

export interface DeadLetterFilter {
  readonly topic?: string;
  readonly reason?: string;
  readonly key?: string;
}

/** Keys that are text are shown as text; a key that is none is shown by its bytes only. */
const textOf = (bytes: Buffer | null): string | null => {
  if (bytes === null) return null;
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
};

const toBody = (row: DeadLetterRow & { readonly value_bytes: number | null }): DeadLetterBody => ({
  id: `${row.source_topic}:${row.source_partition}:${row.source_offset}`,
  source: { topic: row.source_topic, partition: row.source_partition, offset: row.source_offset },
  position: { partition: row.partition, offset: row.offset },
  key: textOf(row.key),
  key_base64: row.key?.toString('base64') ?? null,
  reason: row.reason,
  detail: row.detail,
  consumer: row.consumer,
  attempts: row.attempts,
  correlation_id: row.correlation_id,
  parked_at: new Date(row.parked_at).toISOString(),
  copies: row.copies,
  value_bytes: row.value_bytes,
});

/** Newest first. Values are left out: a page of a megabyte each would be none. */
export const listDeadLetters = async (
  db: Pool,
  filter: DeadLetterFilter,
  page: { readonly limit: number; readonly after?: DeadLetterCursor },
): Promise<readonly DeadLetterBody[]> => {
  const [parkedAt, partition, offset] = page.after ?? [Number.MAX_SAFE_INTEGER, 0, 0];
  const { rows } = await db.query<DeadLetterRow & { readonly value_bytes: number | null }>({
    name: 'dead-letters',
    text: `select source_topic, source_partition, source_offset, partition, "offset", key, reason, detail, consumer,
        attempts, correlation_id, parked_at, copies, octet_length(value) as value_bytes
      from views.dead_letters
      where (parked_at, partition, "offset") < ($1, $2, $3)
        and ($4::text is null or source_topic = $4)
        and ($5::text is null or reason = $5)
        and ($6::bytea is null or key = $6)
      order by parked_at desc, partition desc, "offset" desc limit $7`,
    values: [
      parkedAt,
      partition,
      offset,
      filter.topic ?? null,
      filter.reason ?? null,
      filter.key === undefined ? null : Buffer.from(filter.key, 'utf8'),
      page.limit,
    ],
  });
  return rows.map(toBody);
};

export const findDeadLetter = async (
  db: Pool,
  source: DeadLetterBody['source'],
): Promise<DeadLetterDetail | undefined> => {
  const { rows } = await db.query<DeadLetterRow>({
    name: 'dead-letter',
    text: `select * from views.dead_letters
      where source_topic = $1 and source_partition = $2 and source_offset = $3`,
    values: [source.topic, source.partition, source.offset],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    ...toBody({ ...row, value_bytes: row.value?.length ?? null }),
    value_base64: row.value?.toString('base64') ?? null,
    headers: row.headers,
  };
};
