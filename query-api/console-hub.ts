import type { ServerResponse } from 'node:http';
import { pause } from '../chassis/deadline';
import type { ConsoleSnapshot } from './console-snapshot';
import { eventStreamHeaders } from './event-stream';

export interface ConsoleHubOptions {
  readonly take: () => Promise<ConsoleSnapshot>;
  /** Somebody watches after nobody did: what was gathered for the next snapshot is of long ago. */
  readonly begin: () => void;
  /** Watchers at once; the next one is refused. */
  readonly watchersMax: number;
}

const everyMs = 1_000;
/** A watcher that reads nothing is cut off with this much unread: about ten snapshots of a full house. */
const unreadBytesMax = 512 * 1024;
const reconnectMs = 1_000;

/**
 * One snapshot a second for all who watch, however many, and none while nobody does. While the views do not answer,
 * watchers hear since when, at the earliest since somebody watches: a source that is down is "unknown", never zero.
 */
export class ConsoleHub {
  readonly #options: ConsoleHubOptions;
  readonly #watchers = new Set<ServerResponse>();
  #stopped = new AbortController();
  #working: Promise<void> | undefined;
  #knownAt = new Date();
  #number = 0;

  constructor(options: ConsoleHubOptions) {
    this.#options = options;
  }

  /** Sends snapshots until the client is gone or the hub closes. @returns false when the house is full. */
  watch(response: ServerResponse): boolean {
    if (this.#watchers.size >= this.#options.watchersMax || this.#stopped.signal.aborted) return false;
    response.writeHead(200, eventStreamHeaders);
    response.write(`retry: ${reconnectMs}\n\n`);
    this.#watchers.add(response);
    response.on('close', () => this.#watchers.delete(response));
    this.#working ??= this.#work();
    return true;
  }

  /** Ends every stream; watchers come back by themselves when there is a server again. */
  async close(): Promise<void> {
    this.#stopped.abort();
    for (const watcher of this.#watchers) watcher.end();
    await this.#working;
  }

  async #work(): Promise<void> {
    this.#knownAt = new Date();
    this.#options.begin();
    while (this.#watchers.size > 0 && !this.#stopped.signal.aborted) {
      this.#send(await this.#next());
      await pause(everyMs, this.#stopped.signal);
    }
    this.#working = undefined;
  }

  async #next(): Promise<string> {
    try {
      const snapshot = await this.#options.take();
      this.#knownAt = new Date();
      this.#number += 1;
      return `id: ${this.#number}\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`;
    } catch {
      return `event: unknown\ndata: ${JSON.stringify({ since: this.#knownAt.toISOString() })}\n\n`;
    }
  }

  #send(text: string): void {
    // Ended while the snapshot was taken, watchers take no more: a write after the end is an error that nobody hears.
    if (this.#stopped.signal.aborted) return;
    for (const watcher of this.#watchers) {
      if (watcher.writableLength > unreadBytesMax) watcher.destroy();
      else watcher.write(text);
    }
  }
}
