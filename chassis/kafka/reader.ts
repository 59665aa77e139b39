import { pause } from '../deadline';
import type { KafkaConnection } from './connection';
import { type Fetched, fetchRecords, LogGapError } from './fetch-records';
import { InfrastructureError, type LogReader, type LogRecord } from './log';
import { readRanges } from './ranges';
import { Cluster } from './wire/cluster';
import type { FetchPlace } from './wire/fetch-request';

type ReadOptions = Parameters<LogReader['read']>[0];

interface Cursor {
  readonly partition: number;
  next: number;
  readonly end: number;
}

const stallDefaultMs = 15_000;
const retryMs = 200;
const limits = { waitMs: 500, bytesMax: 8 * 1024 * 1024, partitionBytesMax: 2 * 1024 * 1024 };

const openCursors = async (cluster: Cluster, options: ReadOptions): Promise<readonly Cursor[]> => {
  const ranges = await readRanges(cluster, options.topic);
  return ranges.map(({ partition, low, high }) => {
    const next = options.from?.get(partition) ?? low;
    const end = options.to?.get(partition) ?? high;
    if (next < low && next < end) {
      throw new LogGapError(`${options.topic}:${partition} begins at offset ${low}, not at ${next}`);
    }
    return { partition, next, end };
  });
};

/**
 * One fetch to each leader that still has something to read. A partition without a leader waits for its turn, and when
 * none has one that is a failure: without a fetch there is nothing to wait for, and the next round would come at once.
 */
const fetchRound = async (
  cluster: Cluster,
  { topic, withHeaders }: ReadOptions,
  cursors: readonly Cursor[],
): Promise<readonly Fetched[]> => {
  const leaders = await cluster.leaders(topic);
  const places = new Map<number, FetchPlace[]>();
  for (const { partition, next } of cursors) {
    const leader = leaders[partition];
    if (leader === undefined) continue;
    const place = { topic, partition, fromOffset: next };
    places.set(leader, [...(places.get(leader) ?? []), place]);
  }
  if (places.size === 0) throw new InfrastructureError(`no partition of ${topic} has a leader`);
  const rounds = [...places].map(([leader, of]) =>
    fetchRecords(cluster, leader, of, { ...limits, withHeaders }),
  );
  return (await Promise.all(rounds)).flat();
};

/** The records before the cursor's end, which moves behind them. */
const advance = (cursor: Cursor, records: LogRecord[]): readonly LogRecord[] => {
  const wanted =
    records.length > cursor.end - cursor.next ? records.slice(0, cursor.end - cursor.next) : records;
  cursor.next += wanted.length;
  return wanted;
};

class BoundedRead {
  readonly #cluster: Cluster;
  readonly #options: ReadOptions;
  #progressAtMs = performance.now();
  /** The last round brought nothing but refusals, which brokers give at once. */
  #isRefused = false;

  constructor(cluster: Cluster, options: ReadOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  async run(): Promise<ReadonlyMap<number, number>> {
    const cursors = await this.#patiently(() => openCursors(this.#cluster, this.#options));
    const open = (): readonly Cursor[] => cursors.filter((cursor) => cursor.next < cursor.end);
    let round = this.#fetch(open());
    while (open().length > 0) {
      const pieces = this.#take(await round, cursors);
      round = this.#fetch(open());
      for (const records of pieces) await this.#options.onRecords(records);
      this.#options.signal?.throwIfAborted();
    }
    return new Map(cursors.map(({ partition, next, end }) => [partition, Math.max(next, end)]));
  }

  /** The next round is on its way while the handler works; a failure shows when it is awaited. */
  #fetch(cursors: readonly Cursor[]): Promise<readonly Fetched[]> {
    if (cursors.length === 0) return Promise.resolve([]);
    const waitMs = this.#isRefused ? retryMs : 0;
    const round = this.#patiently(async () => {
      if (waitMs > 0) await pause(waitMs, this.#options.signal);
      return fetchRound(this.#cluster, this.#options, cursors);
    });
    round.catch(() => undefined);
    return round;
  }

  #take(round: readonly Fetched[], cursors: readonly Cursor[]): readonly (readonly LogRecord[])[] {
    const pieces: (readonly LogRecord[])[] = [];
    let trouble: Error | undefined;
    for (const fetched of round) {
      const cursor = cursors[fetched.place.partition];
      if (fetched.kind === 'out-of-range') throw new LogGapError(fetched.error.message);
      if (fetched.kind === 'unavailable') trouble = fetched.error;
      else if (cursor && fetched.records.length > 0) pieces.push(advance(cursor, fetched.records));
    }
    if (trouble) this.#cluster.forget(this.#options.topic);
    this.#isRefused = trouble !== undefined && pieces.length === 0;
    if (pieces.length > 0) this.#progressAtMs = performance.now();
    else this.#checkStall(trouble);
    return pieces;
  }

  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        if (!(error instanceof InfrastructureError)) throw error;
        this.#cluster.forget(this.#options.topic);
        this.#checkStall(error);
        await pause(retryMs, this.#options.signal);
      }
    }
  }

  #checkStall(cause: Error | undefined): void {
    const stallMs = this.#options.stallMs ?? stallDefaultMs;
    if (performance.now() - this.#progressAtMs < stallMs) return;
    throw new InfrastructureError(`reading ${this.#options.topic} made no progress for ${stallMs} ms`, {
      cause,
    });
  }
}

/**
 * Reads with plain fetches, so no consumer group is joined, left behind or disturbed, and no join is waited for. Each
 * read opens its own connections and closes them. Records lost to retention throw LogGapError.
 */
export const createLogReader = (connection: KafkaConnection): LogReader => ({
  read: async (options) => {
    options.signal?.throwIfAborted();
    const cluster = new Cluster(connection);
    const cut = (): void => cluster.close();
    options.signal?.addEventListener('abort', cut, { once: true });
    try {
      return await new BoundedRead(cluster, options).run();
    } finally {
      options.signal?.removeEventListener('abort', cut);
      cluster.close();
    }
  },
});
