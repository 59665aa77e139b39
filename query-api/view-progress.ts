import { lasting, type Interest } from './interest';
import type { Places } from './places';

interface Waiter {
  readonly next: number;
  readonly settle: (reached: Reached) => void;
}

const placeOf = (topic: string, partition: number): string => `${topic}:${partition}`;

/** `full`: there was no place to wait, or everybody is sent home. */
export type Reached = 'reached' | 'not-reached' | 'full';

/** How far the orders view has come, partition by partition, and those who wait for it to come further. */
export class ViewProgress {
  readonly #nexts = new Map<string, number>();
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #places: Places;
  #isClosed = false;

  /** Whoever waits takes one of `places`. */
  constructor(places: Places) {
    this.#places = places;
  }

  /** What `next` says now, by `topic:partition`. */
  all(): ReadonlyMap<string, number> {
    return new Map(this.#nexts);
  }

  /** The offset the view waits for; 0 when it has not begun the partition, as far as we know. */
  next(topic: string, partition: number): number {
    return this.#nexts.get(placeOf(topic, partition)) ?? 0;
  }

  /** Notes how far the view is. A smaller offset than before is believed too: a view may be built anew. */
  set(topic: string, partition: number, next: number): void {
    const place = placeOf(topic, partition);
    this.#nexts.set(place, next);
    for (const waiter of [...(this.#waiters.get(place) ?? [])]) {
      if (waiter.next <= next) waiter.settle('reached');
    }
  }

  /** Nobody waits any more, and nobody will: whoever is here is answered as things stand. */
  close(): void {
    this.#isClosed = true;
    for (const waiters of [...this.#waiters.values()]) {
      for (const waiter of [...waiters]) waiter.settle('full');
    }
  }

  /** Settles once the view waits for `next` or a later offset, after `timeoutMs`, or when nobody is interested. */
  reach(
    place: { readonly topic: string; readonly partition: number; readonly next: number },
    timeoutMs: number,
    interest: Interest = lasting,
  ): Promise<Reached> {
    const { topic, partition, next } = place;
    if (this.next(topic, partition) >= next) return Promise.resolve('reached');
    if (this.#isClosed || !this.#places.take()) return Promise.resolve('full');
    const name = placeOf(topic, partition);
    return new Promise((resolve) => {
      const giveUp = (): void => waiter.settle('not-reached');
      const timer = setTimeout(giveUp, timeoutMs);
      const waiter: Waiter = {
        next,
        settle: (reached) => {
          clearTimeout(timer);
          this.#remove(name, waiter);
          resolve(reached);
        },
      };
      const waiters = this.#waiters.get(name) ?? new Set();
      this.#waiters.set(name, waiters.add(waiter));
      interest.onLost(giveUp);
    });
  }

  #remove(name: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(name);
    if (!waiters?.delete(waiter)) return;
    this.#places.free();
    if (waiters.size === 0) this.#waiters.delete(name);
  }
}
