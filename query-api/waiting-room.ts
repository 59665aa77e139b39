export type Woken = 'woken' | 'timeout' | 'full';

/** Somebody's place in the room. */
export interface Place {
  readonly woken: Promise<Woken>;
  /** Safe at any time; settles `woken` as a time-out. */
  readonly leave: () => void;
}

interface Waiter {
  readonly wake: (why: Woken) => void;
}

/**
 * Those who wait for an order to become terminal: any number for one order, bounded in all. Somebody who finds the
 * room full is told so at once.
 */
export class WaitingRoom {
  readonly #max: number;
  readonly #waiters = new Map<string, Set<Waiter>>();
  #count = 0;
  #isClosed = false;

  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#count;
  }

  /** Orders somebody waits for. */
  keys(): readonly string[] {
    return [...this.#waiters.keys()];
  }

  /**
   * Begins to wait for an order to move, for `timeoutMs` at most. Begin before reading the order: a move between
   * reading and waiting would be missed. Whoever stops being interested must `leave`.
   */
  enter(key: string, timeoutMs: number): Place {
    if (this.#isClosed || this.#count >= this.#max)
      return { woken: Promise.resolve('full'), leave: () => undefined };
    let settle: (why: Woken) => void = () => undefined;
    const woken = new Promise<Woken>((resolve) => {
      settle = resolve;
    });
    const leave = (): void => waiter.wake('timeout');
    const timer = setTimeout(leave, timeoutMs);
    const waiter: Waiter = {
      wake: (why) => {
        clearTimeout(timer);
        this.#remove(key, waiter);
        settle(why);
      },
    };
    this.#add(key, waiter);
    return { woken, leave };
  }

  /** Nobody waits any more, and nobody will: whoever is here is answered as things stand. */
  close(): void {
    this.#isClosed = true;
    for (const waiters of [...this.#waiters.values()]) {
      for (const waiter of [...waiters]) waiter.wake('timeout');
    }
  }

  wake(keys: Iterable<string>): void {
    for (const key of keys) {
      const waiters = this.#waiters.get(key);
      if (waiters) for (const waiter of [...waiters]) waiter.wake('woken');
    }
  }

  #add(key: string, waiter: Waiter): void {
    this.#count += 1;
    const waiters = this.#waiters.get(key);
    if (waiters) waiters.add(waiter);
    else this.#waiters.set(key, new Set([waiter]));
  }

  #remove(key: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(key);
    if (!waiters?.delete(waiter)) return;
    this.#count -= 1;
    if (waiters.size === 0) this.#waiters.delete(key);
  }
}
