import { Socket } from 'node:net';
import { Client, type Pool } from 'pg';
import { backoffMs, pause } from '../chassis/deadline';
import type { Log } from '../chassis/log';
import { announcementChannel, decodeAnnouncement } from '../migrations/views/announcement';
import type { OffsetRow } from '../migrations/tables';
import type { ViewProgress } from './view-progress';

export interface ViewFeedOptions {
  readonly pool: Pool;
  /** Of the connection that listens; it is not taken from the pool, because it is never given back. */
  readonly databaseUrl: string;
  readonly progress: ViewProgress;
  readonly log: Log;
  /** Orders that became terminal. */
  readonly onDecided: (keys: readonly string[]) => void;
  /** Something may have happened that we have not heard of: whoever waits must look again. */
  readonly onMissed: () => void;
}

/** A view that moved without our hearing of it is noticed this soon; while we listen, that does not happen. */
const pollListeningMs = 1_000;
/** While nobody tells us, a waiter's answer is this late at most. */
const pollDeafMs = 100;
const reconnectBaseMs = 100;
const reconnectMaxMs = 2_000;
const connectTimeoutMs = 2_000;
/** A move that nobody announced for this long: the connection is dead, and its own keep-alive notices later. */
const unannouncedMaxMs = 2_000;
/** Linux waits two hours before it asks a silent peer, unless told otherwise. */
const keepAliveAfterMs = 10_000;
const orders = 'orders';

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

const nameOf = ({ topic, partition }: Pick<Place, 'topic' | 'partition'>): string => `${topic}:${partition}`;

/**
 * Follows the orders view: PostgreSQL's NOTIFY while it can be had, the offsets table when it cannot. PostgreSQL is
 * asked again for ever; nothing here rejects.
 */
export class ViewFeed {
  readonly #options: ViewFeedOptions;
  readonly #stopped = new AbortController();
  /** Of the connection that listens. Asking a dead peer to close it would wait for its answer for ever. */
  #socket: Socket | undefined;
  /** Moves that a poll saw and no announcement told of, while we listen. */
  readonly #unannounced = new Map<string, { readonly next: number; readonly sinceMs: number }>();
  #work: Promise<unknown> | undefined;
  #isListening = false;

  constructor(options: ViewFeedOptions) {
    this.#options = options;
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  /** Resolves when the view's offsets were read once, or could not be read. */
  async start(): Promise<void> {
    this.#work = Promise.all([this.#listenForEver(), this.#pollForEver()]);
    await this.#poll();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#socket?.destroy();
    await this.#work;
  }

  #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #listenForEver(): Promise<void> {
    const { log } = this.#options;
    for (let failures = 0; !this.#isStopped(); failures += 1) {
      try {
        await this.#listenOnce(() => {
          failures = 0;
        });
      } catch (error) {
        if (failures === 0 && !this.#isStopped()) {
          log.warn('cannot listen to the projector; polling instead', { event: 'view_feed_lost', error });
        }
      }
      await pause(50 + backoffMs(failures, reconnectBaseMs, reconnectMaxMs), this.#stopped.signal);
    }
  }

  /** Returns or throws when the connection ends. */
  async #listenOnce(onListening: () => void): Promise<void> {
    const socket = new Socket();
    const client = new Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'query-api feed',
      connectionTimeoutMillis: connectTimeoutMs,
      stream: () => socket,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveAfterMs,
    });
    const ended = new Promise<void>((resolve) => {
      client.on('end', resolve);
      client.on('error', () => resolve());
    });
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    this.#socket = socket;
    try {
      await client.connect();
      await client.query(`listen ${announcementChannel}`);
      // What was committed before we listened is seen here, so that no later poll takes it for unannounced.
      await this.#poll();
      onListening();
      this.#isListening = true;
      this.#options.onMissed();
      await ended;
    } finally {
      this.#isListening = false;
      this.#unannounced.clear();
      socket.destroy();
    }
  }

  #hear(payload: string): void {
    const announcement = decodeAnnouncement(payload);
    if (announcement?.view !== orders) return;
    for (const [topic, partition, next] of announcement.moves) {
      const name = nameOf({ topic, partition });
      if (next >= (this.#unannounced.get(name)?.next ?? Infinity)) this.#unannounced.delete(name);
      this.#options.progress.set(topic, partition, next);
    }
    if (announcement.decided.length > 0) this.#options.onDecided(announcement.decided);
  }

  async #pollForEver(): Promise<void> {
    const { signal } = this.#stopped;
    while (!this.#isStopped()) {
      await pause(this.#isListening ? pollListeningMs : pollDeafMs, signal);
      if (this.#isStopped()) return;
      const moved = await this.#poll();
      if (!this.#isListening) {
        if (moved.length > 0) this.#options.onMissed();
      } else if (this.#isDeaf(moved)) {
        this.#socket?.destroy();
        this.#options.onMissed();
      }
    }
  }

  /** Whether a move has not been announced for so long that the connection cannot be alive. */
  #isDeaf(moved: readonly Place[]): boolean {
    const nowMs = performance.now();
    for (const place of moved) {
      const sinceMs = this.#unannounced.get(nameOf(place))?.sinceMs ?? nowMs;
      this.#unannounced.set(nameOf(place), { next: place.next, sinceMs });
    }
    return [...this.#unannounced.values()].some(({ sinceMs }) => nowMs - sinceMs >= unannouncedMaxMs);
  }

  /** Reads the offsets; returns those that were news. */
  async #poll(): Promise<readonly Place[]> {
    const { pool, progress } = this.#options;
    const before = progress.all();
    try {
      const { rows } = await pool.query<Pick<OffsetRow, 'topic' | 'partition' | 'next'>>({
        name: 'order-offsets',
        text: 'select topic, partition, next from views.order_offsets',
      });
      // What was announced since we asked is newer than the answer.
      const news = rows.filter(({ topic, partition, next }) => {
        const known = progress.next(topic, partition);
        return next > known || (next < known && known === (before.get(nameOf({ topic, partition })) ?? 0));
      });
      for (const { topic, partition, next } of news) progress.set(topic, partition, next);
      return news;
    } catch {
      return [];
    }
  }
}
