import type { Pool } from 'pg';
import { DeadlineError, withDeadline } from '../../chassis/deadline';
import { LogGapError } from '../../chassis/kafka/fetch-records';
import { InfrastructureError, type LogAdmin, type LogReader } from '../../chassis/kafka/log';
import type { ViewSchema, ViewShape } from '../../migrations/views/view-shape';
import { cursorKey } from '../cursors';
import { viewTopics } from '../view-topics';

export interface Behind {
  /** In the log and not in the view. */
  readonly events: number;
  /** Since the oldest of them was appended; 0 when there are none. */
  readonly seconds: number;
}

export interface PartitionBehind {
  readonly topic: string;
  readonly partition: number;
  /** The view that readers see; null when its tables are gone. */
  readonly live: Behind | null;
  /** What is built beside it; null when nothing is. */
  readonly built: Behind | null;
}

export interface LagPorts {
  readonly pool: Pool;
  readonly admin: Pick<LogAdmin, 'ends'>;
  readonly reader: LogReader;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** A status is asked for in an outage too, and then what PostgreSQL knows must not wait for Kafka. */
const kafkaTimeoutMs = 5_000;
const undefinedTable = '42P01';

type Nexts = ReadonlyMap<string, number>;

/** The offset that each partition waits for; `undefined` when the view has no tables in the schema. */
const readNexts = async (pool: Pool, shape: ViewShape, schema: ViewSchema): Promise<Nexts | undefined> => {
  try {
    const { rows } = await pool.query<{ topic: string; partition: number; next: number }>(
      `select topic, partition, next from ${schema}.${shape.tables[0]}`,
    );
    return new Map(rows.map(({ topic, partition, next }) => [cursorKey(topic, partition), next]));
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === undefinedTable) return undefined;
    throw error;
  }
};

/** How far a view with these offsets is behind each partition of a topic, in the order of the partitions. */
const measure = async (
  { reader, nowMs }: LagPorts,
  topic: string,
  ends: readonly number[],
  nexts: Nexts,
): Promise<readonly Behind[]> => {
  const from = new Map(
    ends.map((end, partition) => [partition, Math.min(end, nexts.get(cursorKey(topic, partition)) ?? 0)]),
  );
  const to = new Map(
    ends.map((end, partition) => [partition, Math.min(end, (from.get(partition) ?? 0) + 1)]),
  );
  const ages = new Map<number, number>();
  await reader.read({
    topic,
    from,
    to,
    withHeaders: false,
    stallMs: kafkaTimeoutMs,
    onRecords: (records) => {
      for (const { partition, appendedAtMs } of records) ages.set(partition, nowMs - appendedAtMs);
    },
  });
  return ends.map((end, partition) => ({
    events: end - (from.get(partition) ?? 0),
    seconds: Math.max(0, Math.round((ages.get(partition) ?? 0) / 100) / 10),
  }));
};

const readTopicLag = async (
  ports: LagPorts,
  topic: string,
  live: Nexts | undefined,
  built: Nexts | undefined,
): Promise<readonly PartitionBehind[]> => {
  const ends = await ports.admin.ends(topic);
  const of = async (nexts: Nexts | undefined): Promise<readonly Behind[]> =>
    nexts === undefined ? [] : measure(ports, topic, ends, nexts);
  const [ofLive, ofBuilt] = await Promise.all([of(live), of(built)]);
  return ends.map((_, partition) => ({
    topic,
    partition,
    live: ofLive[partition] ?? null,
    built: ofBuilt[partition] ?? null,
  }));
};

/**
 * How far the live view and the one that is built are behind each partition of the log; null when Kafka does not say.
 * @throws what PostgreSQL says when it cannot be asked.
 */
export const readLag = async (
  ports: LagPorts,
  shape: ViewShape,
): Promise<readonly PartitionBehind[] | null> => {
  const live = await readNexts(ports.pool, shape, 'views');
  const built = await readNexts(ports.pool, shape, 'views_next');
  const topics = viewTopics[shape.view].map((topic) => readTopicLag(ports, topic, live, built));
  try {
    return (await withDeadline(Promise.all(topics), kafkaTimeoutMs, 'asking Kafka')).flat();
  } catch (error) {
    const isKafkas = [InfrastructureError, LogGapError, DeadlineError].some((kind) => error instanceof kind);
    if (isKafkas) return null;
    throw error;
  }
};

const describeOne = (name: string, behind: Behind | null): string => {
  if (behind === null) return '';
  const age = behind.events === 0 ? '' : `, ${behind.seconds} s`;
  return `${name} ${behind.events} events${age}`;
};

/** For a person. */
export const describeLag = (lag: readonly PartitionBehind[] | null): readonly string[] => {
  if (lag === null) return ['behind         unknown: Kafka does not say where the log ends'];
  return lag.map(({ topic, partition, live, built }) => {
    const both = [describeOne('live', live), describeOne('built', built)].filter((text) => text !== '');
    return `behind         ${topic}:${partition} ${both.join('; ')}`;
  });
};
