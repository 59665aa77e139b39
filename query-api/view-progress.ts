import { lasting, type Interest } from './interest';

interface Waiter {
  readonly next: number;
  readonly settle: (reached: boolean) => void;
}

const placeOf = (topic: string, partition: number): string => `${topic}:${partition}`;

/** How far the orders view has come, partition by partition, and those who wait for it to come further. */
export class ViewProgress {
  readonly #nexts = new Map<string, number>();
  readonly #waiters = new Map<string, Set<Waiter>>();

  /** The offset the view waits for; 0 when it has not begun the partition, as far as we know. */
  next(topic: string, partition: number): number {
    return this.#nexts.get(placeOf(topic, partition)) ?? 0;
  }

  /** Notes how far the view is. A smaller offset than before is believed too: a view may be built anew. */
  set(topic: string, partition: number, next: number): void {
    const place = placeOf(topic, partition);
    this.#nexts.set(place, next);
    for (const waiter of [...(this.#waiters.get(place) ?? [])]) {
      if (waiter.next <= next) waiter.settle(true);
    }
  }

  get waiting(): number {
    let count = 0;
    for (const waiters of this.#waiters.values()) count += waiters.size;
    return count;
  }

  /** Resolves with true once the view waits for `next` or a later offset, with false after `timeoutMs` or when nobody is interested. */
  reach(
    place: { readonly topic: string; readonly partition: number; readonly next: number },
    timeoutMs: number,
    interest: Interest = lasting,
  ): Promise<boolean> {
    const { topic, partition, next } = place;
    if (this.next(topic, partition) >= next) return Promise.resolve(true);
    const name = placeOf(topic, partition);
    return new Promise((resolve) => {
      const giveUp = (): void => waiter.settle(false);
      const timer = setTimeout(giveUp, timeoutMs);
      const waiter: Waiter = {
        next,
        settle: (reached) => {
          clearTimeout(timer);
          this.#waiters.get(name)?.delete(waiter);
          resolve(reached);
        },
      };
      const waiters = this.#waiters.get(name) ?? new Set();
      this.#waiters.set(name, waiters.add(waiter));
      interest.onLost(giveUp);
    });
  }
}
