import type { Pool, QueryResultRow } from 'pg';
import { formatPosition, parsePosition, type RecordHeaders } from '../../chassis/kafka/log';
import { openStates, type LetterFilter } from '../../migrations/letters/letter-filter';
import {
  letterColumns,
  letterCondition,
  lettersFrom,
  type LetterRow,
} from '../../migrations/letters/letter-rows';
import type { DeadLetterRow } from '../../migrations/tables';
import type { Decoded, EventCodec } from '../../schemas/codec';
import { topics, type TopicName } from '../../schemas/topics';
import { fateOf, subjectNow, type LetterFate, type LetterToJudge } from './letter-fate';

/** A letter, what becomes of it, and what is needed to append it again. */
export interface JudgedLetter {
  readonly id: string;
  readonly topic: TopicName;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
  readonly fate: LetterFate;
}

type Row = LetterRow & Pick<DeadLetterRow, 'value' | 'headers'>;

const idOf = (row: Pick<LetterRow, 'source_topic' | 'source_partition' | 'source_offset'>): string =>
  formatPosition({ topic: row.source_topic, partition: row.source_partition, offset: row.source_offset });

/** Ids of letters, oldest first, at most `limit`; without states in the filter, open ones. */
export const selectLetters = async (
  db: Pool,
  filter: LetterFilter,
  limit: number,
): Promise<readonly string[]> => {
  const condition = letterCondition({ ...filter, states: filter.states ?? openStates }, 2);
  const { rows } = await db.query<LetterRow>({
    text: `select l.source_topic, l.source_partition, l.source_offset from ${lettersFrom}
      where ${condition.text} order by l.parked_at, l.partition, l."offset" limit $1`,
    values: [limit, ...condition.values],
  });
  return rows.map(idOf);
};

/** Of the letters with these ids, in their order, some columns. */
const selectByIds = async <Found extends QueryResultRow>(
  db: Pool,
  ids: readonly string[],
  { name, columns }: { readonly name: string; readonly columns: string },
): Promise<readonly Found[]> => {
  const places = ids.flatMap((id) => parsePosition(id) ?? []);
  const { rows } = await db.query<Found>({
    name,
    text: `select ${columns} from
      unnest($1::text[], $2::integer[], $3::bigint[]) with ordinality as wanted (topic, partition, place, nr)
      join ${lettersFrom} on l.source_topic = wanted.topic and l.source_partition = wanted.partition
        and l.source_offset = wanted.place
      order by wanted.nr`,
    values: [
      places.map(({ topic }) => topic),
      places.map(({ partition }) => partition),
      places.map(({ offset }) => offset),
    ],
  });
  return rows;
};

const loadRows = (db: Pool, ids: readonly string[]): Promise<readonly Row[]> =>
  selectByIds<Row>(db, ids, { name: 'letters-by-id', columns: `${letterColumns}, l.value, l.headers` });

/** Of these letters, those that exist, with their state: without the bytes of up to 10,000. */
export const statesOf = async (
  db: Pool,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LetterRow['state']>> => {
  const states = new Map<string, LetterRow['state']>();
  const columns = 'l.source_topic, l.source_partition, l.source_offset, s.state';
  for (let at = 0; at < ids.length; at += lettersAtOnce) {
    const some = ids.slice(at, at + lettersAtOnce);
    const rows = await selectByIds<LetterRow>(db, some, { name: 'letter-states', columns });
    for (const row of rows) states.set(idOf(row), row.state);
  }
  return states;
};

/** What is decided, by subject: orders by their status, operators' commands as applied. */
const readTerminals = async (
  db: Pool,
  letters: readonly LetterToJudge[],
): Promise<ReadonlyMap<string, string>> => {
  const of = (topic: string): readonly string[] =>
    letters.filter((letter) => letter.topic === topic).flatMap((letter) => subjectNow(letter) ?? []);
  const { rows } = await db.query<{ topic: string; subject: string; status: string }>({
    name: 'letters-terminals',
    text: `select $1 as topic, request_id as subject, status from views.orders
        where request_id = any($2) and outcome_offset is not null
      union all select $3, command_id, 'APPLIED' from views.item_commands where command_id = any($4)`,
    values: [
      topics.orderRequests.name,
      of(topics.orderRequests.name),
      topics.stockAdjustments.name,
      of(topics.stockAdjustments.name),
    ],
  });
  return new Map(rows.map(({ topic, subject, status }) => [`${topic} ${subject}`, status]));
};

const decodeNow = async (codec: EventCodec, row: Row, asked: Set<number>): Promise<Decoded> => {
  const topic = row.source_topic as TopicName;
  const decoded = codec.decode(topic, row.value);
  if (decoded.kind !== 'unknown-schema' || asked.has(decoded.schemaId)) return decoded;
  asked.add(decoded.schemaId);
  await codec.learn(decoded.schemaId);
  return codec.decode(topic, row.value);
};

/** Values of a megabyte each stay bearable. */
export const lettersAtOnce = 200;

const headersOf = (headers: Row['headers']): RecordHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text, 'base64')]));

/**
 * Reads letters and says what a redrive does to each; ids that no letter has are left out.
 * @throws InfrastructureError when the registry must be asked for a schema and does not answer.
 */
export const judgeLetters = async (
  { db, codec }: { readonly db: Pool; readonly codec: EventCodec },
  ids: readonly string[],
): Promise<readonly JudgedLetter[]> => {
  const rows = await loadRows(db, ids);
  const asked = new Set<number>();
  const letters: LetterToJudge[] = [];
  for (const row of rows) {
    letters.push({
      id: idOf(row),
      topic: row.source_topic,
      key: row.key,
      reason: row.reason,
      state: row.state,
      redrives: row.redrives,
      decoded: await decodeNow(codec, row, asked),
    });
  }
  const terminals = await readTerminals(db, letters);
  return rows.flatMap((row, index) => {
    const letter = letters[index];
    if (letter === undefined) return [];
    const terminal = terminals.get(`${letter.topic} ${subjectNow(letter) ?? ''}`);
    return [
      {
        id: letter.id,
        topic: row.source_topic as TopicName,
        value: row.value,
        headers: headersOf(row.headers),
        fate: fateOf(letter, terminal),
      },
    ];
  });
};
