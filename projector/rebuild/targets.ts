import type { Pool } from 'pg';
import type { LogAdmin, PartitionRange } from '../../chassis/kafka/log';
import { viewsToday } from '../../migrations/views/today';
import type { Cursor } from '../batch';
import { cursorKey, readCursors, type ViewTable } from '../cursors';
import { versionIn } from './rebuild-store';
import type { Stretch } from './fill';

export type Ranges = ReadonlyMap<string, readonly PartitionRange[]>;

export const readRanges = async (
  admin: Pick<LogAdmin, 'ranges'>,
  topics: readonly string[],
): Promise<Ranges> =>
  new Map(await Promise.all(topics.map(async (topic) => [topic, await admin.ranges(topic)] as const)));

/** Partitions whose first records are gone: what was in them can never be folded again. */
export const truncated = (ranges: Ranges): readonly string[] =>
  [...ranges].flatMap(([topic, partitions]) =>
    partitions.flatMap(({ partition, low }) =>
      low > 0 ? [`${topic}:${partition} begins at offset ${low}`] : [],
    ),
  );

/** Where the live view stands; `undefined` when there is none, because somebody dropped its tables, or some of them. */
export const readLive = async (
  pool: Pool,
  projection: ViewTable,
): Promise<ReadonlyMap<string, Cursor> | undefined> => {
  const version = await versionIn(pool, projection.view, 'views');
  if (version === undefined) return undefined;
  const { tables } = viewsToday[projection.view];
  // Which tables another version has is not known here; its offsets it has in any case.
  const expected = version === projection.version ? tables : [tables[0]];
  const { rows } = await pool.query<{ whole: boolean }>(
    'select bool_and(to_regclass(name) is not null) as whole from unnest($1::text[]) as t (name)',
    [expected.map((table) => `views.${table}`)],
  );
  return rows[0]?.whole === true ? readCursors(pool, projection, 'views') : undefined;
};

/**
 * What is left to fold. A rebuild follows the live view and never overtakes it, so that the two can be compared and
 * exchanged at equal offsets; without a live view it goes to the end of the log.
 */
export const stretchesLeft = (
  ranges: Ranges,
  built: ReadonlyMap<string, Cursor>,
  live: ReadonlyMap<string, Cursor> | undefined,
): readonly Stretch[] =>
  [...ranges].flatMap(([topic, partitions]) =>
    partitions.flatMap(({ partition, low, high }) => {
      const key = cursorKey(topic, partition);
      const from = built.get(key)?.next ?? low;
      const to = live === undefined ? high : (live.get(key)?.next ?? 0);
      return from < to ? [{ topic, partition, from, to }] : [];
    }),
  );

export const eventsIn = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { from, to }) => sum + to - from, 0);

/** Events that the view, once complete, has folded. */
export const eventsDone = (built: ReadonlyMap<string, Cursor>): number =>
  [...built.values()].reduce((sum, { next }) => sum + next, 0);
