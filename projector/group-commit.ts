import { pause } from '../chassis/deadline';

export interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupCommitOptions<T> {
  /** Items of one key are never in one batch and keep their order. */
  readonly keyOf: (item: T) => string;
  readonly sizeOf: (item: T) => number;
  /** Most size of a batch; a single item may be larger. */
  readonly sizeMax: number;
  /** Milliseconds from the begin of a batch to the begin of the next, at least; 0 for as fast as it goes. */
  readonly everyMs: number;
  /** Settles every item of the batch; must not throw. */
  readonly commit: (batch: readonly Waiting<T>[]) => Promise<void>;
}

/**
 * One batch at a time, each with everything that waits by then: at a trickle an item is committed at once, under
 * load many share the cost of one commit, as many as come in `everyMs`. What waits is bounded by the callers, each of
 * which waits for its item.
 */
export const createGroupCommit = <T>(options: GroupCommitOptions<T>): ((item: T) => Promise<void>) => {
  let waiting: Waiting<T>[] = [];
  let busy = false;
  let nextAtMs = 0;

  const take = (): readonly Waiting<T>[] => {
    const taken = new Map<string, Waiting<T>>();
    const rest: Waiting<T>[] = [];
    let size = 0;
    for (const one of waiting) {
      const key = options.keyOf(one.item);
      const added = options.sizeOf(one.item);
      if (taken.has(key) || (taken.size > 0 && size + added > options.sizeMax)) {
        rest.push(one);
      } else {
        taken.set(key, one);
        size += added;
      }
    }
    waiting = rest;
    return [...taken.values()];
  };

  const drain = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const earlyMs = nextAtMs - performance.now();
      if (earlyMs > 0) await pause(earlyMs);
      nextAtMs = performance.now() + options.everyMs;
      await options.commit(take());
    }
    busy = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      void drain();
    });
};
