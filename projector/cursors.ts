import type { ClientBase, Pool } from 'pg';
import type { ViewSchema } from '../migrations/views/view-shape';
import type { Cursor, CursorMove, Projection, Fact } from './batch';

/** What of a projection its cursors need. */
export type ViewTable = Pick<Projection<Fact>, 'view' | 'version' | 'offsetsTable'>;

import { listOf, toColumns, unnestOf } from './columns';

interface CursorRow {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
  readonly epoch: number | null;
  readonly voided: number;
  readonly undecodable: number;
  readonly first_appended_at: number | null;
  readonly appended_at: number | null;
}

const toCursor = (row: CursorRow): Cursor => ({
  next: row.next,
  epoch: row.epoch,
  voided: row.voided,
  undecodable: row.undecodable,
  firstAppendedAtMs: row.first_appended_at,
  appendedAtMs: row.appended_at,
});

export const cursorKey = (topic: string, partition: number): string => `${topic}:${partition}`;

/** Where a view stands, by `cursorKey`. A partition without a row has not been begun. */
export const readCursors = async (
  db: Pool | ClientBase,
  projection: ViewTable,
  schema: ViewSchema,
): Promise<ReadonlyMap<string, Cursor>> => {
  const { rows } = await db.query<CursorRow>(`select * from ${schema}.${projection.offsetsTable}`);
  return new Map(rows.map((row) => [cursorKey(row.topic, row.partition), toCursor(row)]));
};

/** Begins partitions that have no row yet, so that from now on every move is an update of what is there. */
export const beginCursors = async (
  db: Pool | ClientBase,
  projection: ViewTable,
  schema: ViewSchema,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): Promise<void> => {
  await db.query(
    `insert into ${schema}.${projection.offsetsTable} (topic, partition, next, voided, undecodable)
     select topic, partition, 0, 0, 0 from unnest($1::text[], $2::integer[]) as p (topic, partition)
     on conflict do nothing`,
    toColumns(partitions, ['topic', 'partition']),
  );
};

const moveColumns = {
  topic: 'text',
  partition: 'integer',
  expected: 'bigint',
  next: 'bigint',
  epoch: 'bigint',
  voided: 'bigint',
  undecodable: 'bigint',
  first_appended_at: 'bigint',
  appended_at: 'bigint',
} as const;

const toMoveRow = ({
  topic,
  partition,
  expected,
  to,
}: CursorMove): Record<keyof typeof moveColumns, unknown> => ({
  topic,
  partition,
  expected,
  next: to.next,
  epoch: to.epoch,
  voided: to.voided,
  undecodable: to.undecodable,
  first_appended_at: to.firstAppendedAtMs,
  appended_at: to.appendedAtMs,
});

export type Moved = 'moved' | 'other-version' | 'elsewhere';

/**
 * Compare-and-set of all cursors of a batch: the first statement of its transaction, because it also locks the rows.
 * `elsewhere`: another process has folded some of these records, or the view was switched. `other-version`: the view
 * has another shape than this process writes. Roll back unless `moved`.
 */
export const moveCursors = async (
  client: ClientBase,
  projection: ViewTable,
  schema: ViewSchema,
  moves: readonly CursorMove[],
): Promise<Moved> => {
  const { rowCount } = await client.query({
    name: `move-${schema}-${projection.view}`,
    text: `update ${schema}.${projection.offsetsTable} o
      set next = m.next, epoch = m.epoch, voided = m.voided, undecodable = m.undecodable,
        first_appended_at = m.first_appended_at, appended_at = m.appended_at
      from ${unnestOf(moveColumns)} as m (${listOf(moveColumns)})
      where o.topic = m.topic and o.partition = m.partition and o.next = m.expected
        and exists (select from view_generations where view = $10 and schema = $11 and version = $12)`,
    values: [
      ...toColumns(moves.map(toMoveRow), Object.keys(moveColumns) as (keyof typeof moveColumns)[]),
      projection.view,
      schema,
      projection.version,
    ],
  });
  if (rowCount === moves.length) return 'moved';
  const { rowCount: known } = await client.query(
    'select from view_generations where view = $1 and schema = $2 and version = $3',
    [projection.view, schema, projection.version],
  );
  return known === 1 ? 'elsewhere' : 'other-version';
};
