import type { Pool, PoolClient } from 'pg';
import { DeadlineError, pause, withDeadline } from '../../chassis/deadline';
import type { LogAdmin, LogReader } from '../../chassis/kafka/log';
import { dropView } from '../../migrations/ensure-views';
import type { ViewShape } from '../../migrations/views/view-shape';
import type { Cursor, Fact, Projection } from '../batch';
import { readCursors } from '../cursors';
import { exchange, stopWriters } from './exchange';
import type { Progress } from './progress';
import { rule, type RebuildCommand } from './rebuild-state';
import {
  asOnlyRebuilder,
  beginRebuild,
  findRebuild,
  forgetRebuild,
  noteState,
  versionIn,
} from './rebuild-store';
import { isPassing, Rebuilder } from './rebuilder';
import { readLive, readRanges, truncated } from './targets';
import { compareViews, type DatasetReport } from './verify';

export interface RebuildOptions<F extends Fact> {
  readonly pool: Pool;
  readonly reader: LogReader;
  readonly admin: Pick<LogAdmin, 'ranges'>;
  readonly projection: Projection<F>;
  readonly shape: ViewShape;
  readonly onProgress: (progress: Progress) => void;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Without a step forward for this long, building gives up. */
  readonly stalledAfterMs: number;
}

export type Outcome =
  | { readonly kind: 'done'; readonly summary: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'different'; readonly report: readonly DatasetReport[] };

/** An exchange that cannot be made at once is tried again: readers and the projector go on in between. */
const exchangeAttempts = 50;
const exchangePauseMs = 100;
/** How long writers of the live view may stand still; the projector's own lock_timeout is 2 s. */
const standstillMs = 1_000;

const refused = (why: string): Outcome => ({ kind: 'refused', why });
const done = (summary: string): Outcome => ({ kind: 'done', summary });

export interface RebuildCommands {
  /** Builds the view beside the live one, or goes on with that. @throws StalledError. */
  start(): Promise<Outcome>;
  /** Compares the built view with the live one, both as of the same place in the log. */
  verify(): Promise<Outcome>;
  /** Makes the built view the live one, in one transaction; the former one is kept. */
  switch(acceptsDifferences: boolean): Promise<Outcome>;
  /** Makes the former view the live one again, caught up; the rebuilt one is kept until `drop`. */
  rollback(): Promise<Outcome>;
  /** Removes what stands beside the live view, built or former. */
  drop(): Promise<Outcome>;
}

/** The commands of a rebuild. Each holds the view's lock while it works, and refuses at once when it cannot have it. */
export class ViewRebuild<F extends Fact> implements RebuildCommands {
  readonly #options: RebuildOptions<F>;

  constructor(options: RebuildOptions<F>) {
    this.#options = options;
  }

  start(): Promise<Outcome> {
    return this.#alone('start', false, async (client, kind) => {
      const ranges = await readRanges(this.#options.admin, this.#options.projection.topics);
      const gone = truncated(ranges);
      if (gone.length > 0) {
        return refused(
          `LOG_TRUNCATED: events are gone from the log, ${gone.join(', ')}. Nothing was changed.`,
        );
      }
      const rebuilder = this.#rebuilder('views_next');
      if (kind === 'begin') {
        const { shape, clock, stalledAfterMs } = this.#options;
        // Together: with the empty tables under the state of those before them, a switch could take them for verified.
        await client.query('begin');
        await rebuilder.begin(client);
        await beginRebuild(client, {
          view: this.#view,
          version: shape.version,
          started_at: clock(),
          stalled_after_ms: stalledAfterMs,
        });
        await client.query('commit');
      } else {
        await noteState(client, this.#view, 'BUILDING');
      }
      await rebuilder.build();
      this.#options.say('building indexes');
      await rebuilder.finish(client);
      await rebuilder.build();
      await noteState(client, this.#view, 'BUILT');
      return done(`built: view ${this.#view} stands beside the live one`);
    });
  }

  verify(): Promise<Outcome> {
    return this.#alone('verify', false, async (client) => {
      const live = await readLive(this.#options.pool, this.#options.projection);
      if (live === undefined) {
        return done('there is no live view to compare with: the built one can be switched to as it is');
      }
      const report = await this.#compare(client);
      const isEqual = report.every(({ equal }) => equal);
      await noteState(client, this.#view, isEqual ? 'VERIFIED' : 'BUILT', { report });
      const rows = report.reduce((sum, { built_rows: count }) => sum + count, 0);
      return isEqual
        ? done(`verified: ${rows} rows in ${report.length} tables are equal at equal offsets`)
        : { kind: 'different', report };
    });
  }

  switch(acceptsDifferences: boolean): Promise<Outcome> {
    return this.#alone('switch', acceptsDifferences, async (client) => {
      await this.#exchange(client, 'views_next', 'views_previous');
      await noteState(client, this.#view, 'SWITCHED');
      return done(
        `switched: readers see the rebuilt view ${this.#view}; the former one is kept for a rollback`,
      );
    });
  }

  rollback(): Promise<Outcome> {
    return this.#alone('rollback', false, async (client) => {
      const version = await versionIn(client, this.#view, 'views_previous');
      if (version !== this.#options.shape.version) {
        return refused(
          `the former view has version ${version ?? 'none'}, this release writes ${this.#options.shape.version}: roll back with the release that wrote it`,
        );
      }
      await this.#exchange(client, 'views_previous', 'views_next');
      await noteState(client, this.#view, 'ROLLED_BACK');
      return done(`rolled back: readers see the former view ${this.#view}`);
    });
  }

  drop(): Promise<Outcome> {
    return this.#alone('drop', false, async (client) => {
      await client.query('begin');
      await dropView(client, this.#options.shape, 'views_next');
      await dropView(client, this.#options.shape, 'views_previous');
      await forgetRebuild(client, this.#view);
      await client.query('commit');
      return done('dropped: only the live view is left');
    });
  }

  get #view(): ViewShape['view'] {
    return this.#options.shape.view;
  }

  #rebuilder(schema: 'views_next' | 'views_previous'): Rebuilder<F> {
    return new Rebuilder(this.#options, schema);
  }

  async #alone(
    command: RebuildCommand,
    acceptsDifferences: boolean,
    work: (client: PoolClient, kind: 'begin' | 'go-on') => Promise<Outcome>,
  ): Promise<Outcome> {
    const ran = await asOnlyRebuilder(this.#options.pool, this.#view, async (client) => {
      const rebuild = await findRebuild(client, this.#view);
      const version = await versionIn(client, this.#view, 'views_next');
      const ruling = rule(command, {
        state: rebuild?.state,
        isShapeOfToday: version === this.#options.shape.version,
        acceptsDifferences,
        hasLive: (await readLive(this.#options.pool, this.#options.projection)) !== undefined,
      });
      return ruling.kind === 'refused' ? refused(ruling.why) : work(client, ruling.kind);
    });
    return ran.kind === 'busy'
      ? refused(`another rebuild of view ${this.#view} is at work: see status`)
      : ran.value;
  }

  /**
   * A session that sees the live view as of now, then the built one brought to exactly that place: the live one may
   * go on meanwhile. The built one is behind or level, because a rebuild never overtakes.
   */
  async #compare(built: PoolClient): Promise<readonly DatasetReport[]> {
    const rebuilder = this.#rebuilder('views_next');
    await rebuilder.build();
    const live = await this.#options.pool.connect();
    try {
      await live.query('begin isolation level repeatable read read only');
      // The built view is brought level while this session waits, which may take longer than a session may stand idle.
      await live.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
      const cursors = await readCursors(live, this.#options.projection, 'views');
      await rebuilder.catchUpTo(cursors);
      return await compareViews({ live, built }, this.#view);
    } finally {
      live.release(true);
    }
  }

  async #exchange(
    client: PoolClient,
    from: 'views_next' | 'views_previous',
    retire: 'views_next' | 'views_previous',
  ): Promise<void> {
    const rebuilder = this.#rebuilder(from);
    await client.query('begin');
    await dropView(client, this.#options.shape, retire);
    await client.query('commit');
    for (let attempt = 1; ; attempt += 1) {
      await rebuilder.build();
      try {
        if (await this.#exchangeOnce(client, rebuilder, { from, retire })) return;
      } catch (error) {
        // A session that is gone took our lock with it, and what it says now is not why it failed.
        const isOver = await client.query('rollback').then(
          () => attempt === exchangeAttempts,
          () => true,
        );
        if (isOver || !(isPassing(error) || error instanceof DeadlineError)) throw error;
      }
      if (attempt === exchangeAttempts)
        throw new Error('the live view moves faster than a rebuild can follow');
      await pause(exchangePauseMs, this.#options.signal);
    }
  }

  /** Returns false when the built view is not level after all. @throws DeadlineError when that took too long. */
  async #exchangeOnce(
    client: PoolClient,
    rebuilder: Rebuilder<F>,
    places: {
      readonly from: 'views_next' | 'views_previous';
      readonly retire: 'views_next' | 'views_previous';
    },
  ): Promise<boolean> {
    const { shape, pool, projection } = this.#options;
    const hasLive = (await readLive(pool, projection)) !== undefined;
    await client.query('begin');
    if (hasLive) {
      await stopWriters(client, shape);
      const cursors = await readCursors(client, projection, 'views');
      await this.#catchUpInTime(rebuilder, cursors);
      if (!(await this.#isLevel(places.from, cursors))) {
        await client.query('rollback');
        return false;
      }
    }
    await exchange(client, shape, { ...places, hasLive });
    await client.query('commit');
    return true;
  }

  /** Writers stand still meanwhile: what hangs on a silent broker is left behind, as in `Rebuilder.build`. */
  async #catchUpInTime(rebuilder: Rebuilder<F>, cursors: ReadonlyMap<string, Cursor>): Promise<void> {
    const late = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, late.signal]);
    try {
      await withDeadline(rebuilder.catchUpTo(cursors, signal), standstillMs, 'bringing the built view level');
    } finally {
      late.abort();
    }
  }

  async #isLevel(
    schema: 'views_next' | 'views_previous',
    live: ReadonlyMap<string, { readonly next: number }>,
  ): Promise<boolean> {
    const { pool, projection } = this.#options;
    const built = await readCursors(pool, projection, schema);
    const keys = new Set([...built.keys(), ...live.keys()]);
    return [...keys].every((key) => (built.get(key)?.next ?? 0) === (live.get(key)?.next ?? 0));
  }
}
