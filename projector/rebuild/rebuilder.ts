import type { Pool, PoolClient } from 'pg';
import { backoffMs, pause } from '../../chassis/deadline';
import { InfrastructureError, type LogAdmin, type LogReader, type LogRecord } from '../../chassis/kafka/log';
import { isPostgresTrouble } from '../../chassis/postgres-trouble';
import { createView } from '../../migrations/ensure-views';
import type { ViewSchema, ViewShape } from '../../migrations/views/view-shape';
import type { Cursor, Fact, Projection } from '../batch';
import { readCursors } from '../cursors';
import { createViewWriter, type ViewWriter } from '../view-writer';
import { fill } from './fill';
import { isStalled, ProgressMeter, type Progress } from './progress';
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
}

/** No step forward for 30 s. Everything built so far is kept; starting again goes on from there. */
export class StalledError extends Error {
  override readonly name = 'StalledError';
}

const lanes = 2;
const recordsMax = 20_000;
const reportMs = 500;
/** The last stretch is short enough to call the view built. */
const caughtUpEvents = 2_000;

/** Fills one schema's tables of a view from the log. */
export class Rebuilder<F extends Fact> {
  readonly #options: RebuilderOptions<F>;
  readonly #schema: ViewSchema;
  readonly #writer: ViewWriter;
  readonly #meter = new ProgressMeter();
  #done = 0;
  #total = 0;
  #progressedAtMs = 0;
  #trouble: string | undefined;

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

  /** Makes empty tables, without the indexes that only readers need. */
  async begin(client: PoolClient): Promise<void> {
    await client.query('begin');
    await createView(client, this.#options.shape, this.#schema, 'without-indexes');
    await client.query('commit');
  }

  /** Folds until the live view is reached. @throws StalledError, or whatever is no trouble of infrastructure. */
  async build(): Promise<void> {
    this.#progressedAtMs = performance.now();
    const reports = new AbortController();
    const reporting = this.#report(reports.signal);
    try {
      await this.#buildPatiently();
    } finally {
      reports.abort();
      await reporting;
      await this.#sayProgress();
    }
  }

  /** Indexes for readers, and statistics for the planner: without them the first reads after a switch would be slow. */
  async finish(client: PoolClient): Promise<void> {
    for (const statement of this.#options.shape.createIndexes(this.#schema)) await client.query(statement);
    for (const table of this.#options.shape.tables) await client.query(`analyze ${this.#schema}.${table}`);
  }

  /** One round: folds up to where the live view stands now. Returns how many events that were. */
  async catchUp(): Promise<number> {
    return this.catchUpTo(await readLive(this.#options.pool, this.#options.projection));
  }

  /** Folds up to the given cursors, or to the end of the log. Returns how many events that were. */
  async catchUpTo(target: ReadonlyMap<string, Cursor> | undefined): Promise<number> {
    const { pool, projection, admin, reader, signal } = this.#options;
    const ranges = await readRanges(admin, projection.topics);
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

  async #buildPatiently(): Promise<void> {
    for (let failures = 0; ;) {
      try {
        if ((await this.catchUp()) <= caughtUpEvents) return;
        failures = 0;
      } catch (error) {
        if (!(error instanceof InfrastructureError) && !isPostgresTrouble(error)) throw error;
        this.#options.signal.throwIfAborted();
        this.#trouble = error.message;
        this.#checkStall(error);
        failures += 1;
        await pause(100 + backoffMs(failures, 200, 2_000), this.#options.signal);
      }
    }
  }

  #checkStall(cause: Error): void {
    if (!isStalled(this.#progressedAtMs, 1, performance.now())) return;
    throw new StalledError(`no event folded for 30 s: ${cause.message}`, { cause });
  }

  #advance(records: number): void {
    this.#done += records;
    this.#trouble = undefined;
    this.#progressedAtMs = performance.now();
  }

  async #report(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(reportMs, signal);
      await this.#sayProgress();
    }
  }

  async #sayProgress(): Promise<void> {
    this.#meter.add({ atMs: performance.now(), done: this.#done, total: this.#total });
    const progress = this.#meter.progress();
    this.#options.onProgress(progress);
    const { pool, projection, clock } = this.#options;
    await noteProgress(pool, projection.view, {
      events_total: this.#total,
      events_done: this.#done,
      events_per_second: progress.eventsPerSecond,
      progressed_at: clock() - Math.round(performance.now() - this.#progressedAtMs),
      detail: this.#trouble ?? null,
    }).catch(() => undefined);
  }
}

const countsOf = (ranges: Ranges): ReadonlyMap<string, number> =>
  new Map([...ranges].map(([topic, partitions]) => [topic, partitions.length]));
