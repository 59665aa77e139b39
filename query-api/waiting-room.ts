import type { Places } from './places';

/** One piece of news. All who wait for its key are given the same object, so that they can share what they do then. */
export interface News {
  readonly key: string;
}

export type Woken = News | 'timeout' | 'full';

/** Somebody's place in the room. */
export interface Place {
  /**
   * Settles with the next news of the key, which may have come since the place was taken or since the last time this
   * was asked. After the time-out, or after `leave`, always `timeout`. One question at a time.
   */
  next(): Promise<Woken>;
  /** Safe at any time. Whoever is not interested any more must call it. */
  leave(): void;
}

const noPlace: Place = { next: () => Promise.resolve('full'), leave: () => undefined };

class Waiter implements Place {
  readonly #onLeave: (waiter: Waiter) => void;
  readonly #timer: NodeJS.Timeout;
  #unseen: Woken | undefined;
  #settle: ((woken: Woken) => void) | undefined;
  #isOver = false;

  constructor(timeoutMs: number, onLeave: (waiter: Waiter) => void) {
    this.#onLeave = onLeave;
    this.#timer = setTimeout(() => this.leave(), timeoutMs);
  }

  next(): Promise<Woken> {
    const unseen = this.#unseen ?? (this.#isOver ? 'timeout' : undefined);
    this.#unseen = undefined;
    if (unseen !== undefined) return Promise.resolve(unseen);
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#onLeave(this);
    this.tell('timeout');
  }

  tell(woken: Woken): void {
    const settle = this.#settle;
    this.#settle = undefined;
    if (settle) settle(woken);
    else if (!this.#isOver) this.#unseen = woken;
  }
}

/**
 * Those who wait for an order to become terminal: any number for one order, bounded in all. Somebody who finds the
 * room full is told so at once.
 */
export class WaitingRoom {
  readonly #places: Places;
  readonly #waiters = new Map<string, Set<Waiter>>();
  #isClosed = false;

  constructor(places: Places) {
    this.#places = places;
  }

  /** Orders somebody waits for. */
  keys(): readonly string[] {
    return [...this.#waiters.keys()];
  }

  /**
   * Takes a place to wait for an order to move, for `timeoutMs` at most. Take it before reading the order: a move
   * between reading and waiting would be missed.
   */
  enter(key: string, timeoutMs: number): Place {
    if (this.#isClosed || !this.#places.take()) return noPlace;
    const waiter = new Waiter(timeoutMs, (left) => this.#remove(key, left));
    const waiters = this.#waiters.get(key);
    if (waiters) waiters.add(waiter);
    else this.#waiters.set(key, new Set([waiter]));
    return waiter;
  }

  /** Nobody waits any more, and nobody will: whoever is here is answered as things stand. */
  close(): void {
    this.#isClosed = true;
    for (const waiters of [...this.#waiters.values()]) {
      for (const waiter of [...waiters]) waiter.leave();
    }
  }

  wake(keys: Iterable<string>): void {
    for (const key of keys) {
      const waiters = this.#waiters.get(key);
      if (waiters === undefined) continue;
      const news: News = { key };
      for (const waiter of waiters) waiter.tell(news);
    }
  }

  #remove(key: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(key);
    if (!waiters?.delete(waiter)) return;
    this.#places.free();
    if (waiters.size === 0) this.#waiters.delete(key);
  }
}
