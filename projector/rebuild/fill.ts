import type { LogReader, LogRecord } from '../../chassis/kafka/log';
import { Lockstep } from './lockstep';

/** Where a view must come to, partition by partition. */
export interface Stretch {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

export interface FillOptions {
  readonly reader: LogReader;
  readonly stretches: readonly Stretch[];
  /** Writes consecutive records of several topics' same partition together. */
  readonly write: (chunks: readonly (readonly LogRecord[])[]) => Promise<void>;
  readonly signal: AbortSignal;
  /** Partitions filled at once: while one waits for PostgreSQL the other is decoded. */
  readonly lanes: number;
  /** Partition counts by topic, because a reader reads all partitions that it is not told to leave out. */
  readonly partitions: ReadonlyMap<string, number>;
}

/** Tells a reader to read these stretches of a topic and nothing of its other partitions. */
const among = (
  stretches: readonly Stretch[],
  count: number,
): { readonly from: ReadonlyMap<number, number>; readonly to: ReadonlyMap<number, number> } => {
  const none = Array.from({ length: count }, (_, index): [number, number] => [index, 0]);
  return {
    from: new Map([...none, ...stretches.map(({ partition, from }): [number, number] => [partition, from])]),
    to: new Map([...none, ...stretches.map(({ partition, to }): [number, number] => [partition, to])]),
  };
};

/** Most records of one topic that are written at once: with two topics, a transaction of twice as many. */
const recordsMax = 4_000;
/** Fewer than this are read and written at once. */
const atOnceMax = 4_000;

/**
 * One partition of all topics of a view. The topics go in lockstep: the n-th request and the n-th outcome of a
 * partition mostly belong together, so most orders are written once, complete, and not twice.
 */
const fillPartition = async (
  options: FillOptions,
  stretches: readonly Stretch[],
  signal: AbortSignal,
): Promise<void> => {
  const lockstep = new Lockstep<LogRecord>(stretches.length, recordsMax, options.write);
  const reads = stretches.map(async (stretch, index) => {
    try {
      await options.reader.read({
        topic: stretch.topic,
        ...among([stretch], options.partitions.get(stretch.topic) ?? 0),
        onRecords: (records) => lockstep.offer(index, records),
        signal,
      });
      lockstep.end(index);
    } catch (error) {
      lockstep.fail(error);
      throw error;
    }
  });
  await allOrFirstFailure(reads);
};

/** Waits for all, so that nothing goes on behind the caller's back. @throws what failed first. */
const allOrFirstFailure = async (work: readonly Promise<unknown>[]): Promise<void> => {
  let first: { readonly error: unknown } | undefined;
  await Promise.all(
    work.map((one) =>
      one.catch((error: unknown) => {
        first ??= { error };
      }),
    ),
  );
  if (first) throw first.error as Error;
};

const byPartition = (stretches: readonly Stretch[]): Stretch[][] => {
  const partitions = new Map<number, Stretch[]>();
  for (const stretch of stretches) {
    partitions.set(stretch.partition, [...(partitions.get(stretch.partition) ?? []), stretch]);
  }
  return [...partitions.values()];
};

/**
 * The last steps behind a view that moves are short, and a switch stops its writers for them: one read a topic and one
 * transaction, instead of a connection a partition. With sixteen of those a switch under 500 orders a second did not
 * come level within its second on a busy machine, and was tried again for a minute.
 */
const fillAtOnce = async (options: FillOptions): Promise<void> => {
  const chunks = new Map<string, LogRecord[]>();
  const topics = new Set(options.stretches.map(({ topic }) => topic));
  const reads = [...topics].map((topic) =>
    options.reader.read({
      topic,
      ...among(
        options.stretches.filter((stretch) => stretch.topic === topic),
        options.partitions.get(topic) ?? 0,
      ),
      onRecords: async (records) => {
        for (const record of records) {
          const place = `${record.topic}:${record.partition}`;
          const chunk = chunks.get(place);
          if (chunk) chunk.push(record);
          else chunks.set(place, [record]);
        }
      },
      signal: options.signal,
    }),
  );
  await allOrFirstFailure(reads);
  options.signal.throwIfAborted();
  await options.write([...chunks.values()]);
};

/** Reads every stretch and writes it. @throws what the reader or `write` throws first. */
export const fill = async (options: FillOptions): Promise<void> => {
  const events = options.stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  if (events <= atOnceMax) {
    await fillAtOnce(options);
    return;
  }
  const waiting = byPartition(options.stretches);
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      try {
        await fillPartition(options, next, signal);
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }
  };
  await allOrFirstFailure(Array.from({ length: options.lanes }, lane));
  options.signal.throwIfAborted();
};
