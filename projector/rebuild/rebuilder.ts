import type { Pool, PoolClient } from 'pg';
import { backoffMs, pause, withDeadline } from '../../chassis/deadline';
import { InfrastructureError, type LogAdmin, type LogReader, type LogRecord } from '../../chassis/kafka/log';
import { isPostgresTrouble } from '../../chassis/postgres-trouble';
import { createView } from '../../migrations/ensure-views';
import { isStalled } from '../../migrations/rebuilds/stalled';
import type { ViewSchema, ViewShape } from '../../migrations/views/view-shape';
import { GapError, type Cursor, type Fact, type Projection } from '../batch';
import { readCursors } from '../cursors';
import { createViewWriter, type ViewWriter } from '../view-writer';
import { fill } from './fill';
import { ProgressMeter, type Progress } from './progress';
import { noteProgress } from './rebuild-store';
import { eventsDone, eventsIn, readLive, readRanges, stretchesLeft, type Ranges } from './targets';

export interface RebuilderOptions<F extends Fact> {
  readonly pool: Pool;
  readonly reader: LogReader;
  readonly admin: Pick<LogAdmin, 'ranges'>;
  readonly projection: Projection<F>;
  readonly shape: ViewShape;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Without a step forward for this long, building gives up. */
  readonly stalledAfterMs: number;
}

/** No step forward for `stalledAfterMs`. Everything built so far is kept; starting again goes on from there. */
export class StalledError extends Error {
  override readonly name = 'StalledError';
}

const lanes = 2;
const recordsMax = 20_000;
const reportMs = 500;
/** The note of the progress is for others to see; the work does not wait longer for it. */
const noteTimeoutMs = 2_000;
/** The last stretch is short enough to call the view built. */
const caughtUpEvents = 2_000;

/**
 * A gap too: a crash of PostgreSQL may undo the last lazy batches, cursors and rows together, while we read on behind
 * them. The next try begins where the cursors stand. A gap that stays is a stall, and its message says so.
 */
export const isPassing = (error: unknown): error is Error =>
  error instanceof InfrastructureError || error instanceof GapError || isPostgresTrouble(error);

/** Fills one schema's tables of a view from the log. */
export class Rebuilder<F extends Fact> {
  readonly #options: RebuilderOptions<F>;
  readonly #schema: ViewSchema;
  readonly #writer: ViewWriter;
  readonly #meter = new ProgressMeter();
  #done = 0;
  #total = 0;
  #progressedAtMs = 0;
  #trouble: Error | undefined;
  #isNoting = false;
  #noted = Promise.resolve();

  constructor(options: RebuilderOptions<F>, schema: ViewSchema) {
    this.#options = options;
    this.#schema = schema;
    this.#writer = createViewWriter({
      pool: options.pool,
      projection: options.projection,
      schema,
      recordsMax,
      durability: 'lazy',
      onWritten: ({ records }) => this.#advance(records),
    });
  }

  /** Makes empty tables, without the indexes that only readers need. Run it inside a transaction. */
  async begin(client: PoolClient): Promise<void> {
    await createView(client, this.#options.shape, this.#schema, 'without-indexes');
  }

  /**
   * Folds until the live view is reached. A server that does not even refuse is a stall too: what hangs on it is left
   * behind, and does no harm if it goes on after all, because it moves the offsets by compare-and-set.
   * @throws StalledError, or whatever is no trouble of infrastructure.
   */
  async build(): Promise<void> {
    this.#progressedAtMs = performance.now();
    const over = new AbortController();
    const building = this.#buildPatiently(AbortSignal.any([this.#options.signal, over.signal]));
    const watching = this.#watch(over.signal);
    for (const one of [building, watching]) one.catch(() => undefined);
    try {
      await Promise.race([building, watching]);
    } finally {
      over.abort();
      await this.#noted;
      this.#sayProgress();
      await this.#noted;
    }
  }

  /** Indexes for readers, and statistics for the planner: without them the first reads after a switch would be slow. */
  async finish(client: PoolClient): Promise<void> {
    for (const statement of this.#options.shape.createIndexes(this.#schema)) await client.query(statement);
    for (const table of this.#options.shape.tables) await client.query(`analyze ${this.#schema}.${table}`);
  }

  /** Folds up to the given cursors, or to the end of the log. Returns how many events that were. */
  async catchUpTo(
    target: ReadonlyMap<string, Cursor> | undefined,
    signal = this.#options.signal,
  ): Promise<number> {
    const { pool, projection, admin, reader } = this.#options;
    const ranges = await readRanges(admin, projection.topics);
    signal.throwIfAborted();
    const built = await readCursors(pool, projection, this.#schema);
    const stretches = stretchesLeft(ranges, built, target);
    const left = eventsIn(stretches);
    this.#done = eventsDone(built);
    this.#total = this.#done + left;
    if (left === 0) return 0;
    const write = (chunks: readonly (readonly LogRecord[])[]): Promise<void> =>
      this.#writer.writeTogether(chunks);
    await fill({ reader, stretches, write, signal, lanes, partitions: countsOf(ranges) });
    return left;
  }

  async #buildPatiently(signal: AbortSignal): Promise<void> {
    const { pool, projection } = this.#options;
    for (let failures = 0; ;) {
      try {
        const live = await readLive(pool, projection);
        if ((await this.catchUpTo(live, signal)) <= caughtUpEvents) return;
        failures = 0;
      } catch (error) {
        signal.throwIfAborted();
        if (!isPassing(error)) throw error;
        this.#trouble = error;
        failures += 1;
        await pause(100 + backoffMs(failures, 200, 2_000), signal);
      }
    }
  }

  #advance(records: number): void {
    this.#done += records;
    this.#trouble = undefined;
    this.#progressedAtMs = performance.now();
  }

  /** Says how far it is until the signal aborts. @throws StalledError when it comes no further. */
  async #watch(signal: AbortSignal): Promise<void> {
    const afterMs = this.#options.stalledAfterMs;
    while (!signal.aborted) {
      await pause(Math.min(reportMs, afterMs), signal);
      this.#sayProgress();
      if (isStalled(this.#progressedAtMs, 1, performance.now(), afterMs)) {
        const why = this.#trouble?.message ?? 'a server does not answer';
        throw new StalledError(`no event folded for ${afterMs / 1000} s: ${why}`, { cause: this.#trouble });
      }
    }
  }

  #sayProgress(): void {
    this.#meter.add({ atMs: performance.now(), done: this.#done, total: this.#total });
    const progress = this.#meter.progress();
    this.#options.onProgress(progress);
    // One at a time: those that hang on a silent server would take every connection.
    if (this.#isNoting) return;
    this.#isNoting = true;
    const noting = withDeadline(this.#note(progress), noteTimeoutMs, 'noting the progress');
    this.#noted = noting.catch(() => undefined);
  }

  async #note({ eventsPerSecond }: Progress): Promise<void> {
    const { pool, projection, clock } = this.#options;
    try {
      await noteProgress(pool, projection.view, {
        events_total: this.#total,
        events_done: this.#done,
        events_per_second: eventsPerSecond,
        progressed_at: clock() - Math.round(performance.now() - this.#progressedAtMs),
        detail: this.#trouble?.message ?? null,
        stalled_after_ms: this.#options.stalledAfterMs,
      });
    } finally {
      this.#isNoting = false;
    }
  }
}

const countsOf = (ranges: Ranges): ReadonlyMap<string, number> =>
  new Map([...ranges].map(([topic, partitions]) => [topic, partitions.length]));
