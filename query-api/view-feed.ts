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
const orders = 'orders';

/**
 * Follows the orders view: PostgreSQL's NOTIFY while it can be had, the offsets table when it cannot. PostgreSQL is
 * asked again for ever; nothing here rejects.
 */
export class ViewFeed {
  readonly #options: ViewFeedOptions;
  readonly #stopped = new AbortController();
  #client: Client | undefined;
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
    await this.#client?.end().catch(() => undefined);
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
    const client = new Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'query-api feed',
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => {
      client.on('end', resolve);
      client.on('error', () => resolve());
    });
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    this.#client = client;
    try {
      await client.connect();
      await client.query(`listen ${announcementChannel}`);
      onListening();
      this.#isListening = true;
      await this.#poll();
      this.#options.onMissed();
      await ended;
    } finally {
      this.#isListening = false;
      await client.end().catch(() => undefined);
    }
  }

  #hear(payload: string): void {
    const announcement = decodeAnnouncement(payload);
    if (announcement?.view !== orders) return;
    for (const [topic, partition, next] of announcement.moves) {
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
      if (moved && !this.#isListening) this.#options.onMissed();
    }
  }

  /** Reads the offsets; returns whether one of them was news. */
  async #poll(): Promise<boolean> {
    const { pool, progress } = this.#options;
    try {
      const { rows } = await pool.query<Pick<OffsetRow, 'topic' | 'partition' | 'next'>>({
        name: 'order-offsets',
        text: 'select topic, partition, next from views.order_offsets',
      });
      const news = rows.filter(({ topic, partition, next }) => progress.next(topic, partition) !== next);
      for (const { topic, partition, next } of news) progress.set(topic, partition, next);
      return news.length > 0;
    } catch {
      return false;
    }
  }
}
