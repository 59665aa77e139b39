import { withDeadline } from '../chassis/deadline';

export interface BatchBounds {
  readonly batchMax: number;
  /** Most items queued or in flight; beyond it `add` rejects at once. */
  readonly waitingMax: number;
  readonly answerWithinMs: number;
}

export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is added in one turn of the event loop and hands it over as one batch, or a few. Under load a turn is
 * longer and its batch larger, so that the cost per item falls when it matters; an idle queue adds no waiting time.
 */
export class BatchQueue<Item, Result> {
  private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  private readonly bounds: BatchBounds;
  private waiting: Waiting<Item, Result>[] = [];
  private count = 0;

  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>, bounds: BatchBounds) {
    this.run = run;
    this.bounds = bounds;
  }

  /** Settles as the batch does, or rejects within the bounds. */
  add(item: Item): Promise<Result> {
    if (this.count >= this.bounds.waitingMax) {
      return Promise.reject(
        new QueueFullError(`more than ${this.bounds.waitingMax} commands wait for Redis`),
      );
    }
    this.count += 1;
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) setImmediate(() => this.flush());
      this.waiting.push({ item, resolve, reject });
    });
  }

  private flush(): void {
    const all = this.waiting;
    this.waiting = [];
    for (let from = 0; from < all.length; from += this.bounds.batchMax) {
      void this.settle(all.slice(from, from + this.bounds.batchMax));
    }
  }

  private async settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await withDeadline(
        this.run(batch.map(({ item }) => item)),
        this.bounds.answerWithinMs,
        'Redis',
      );
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.count -= batch.length;
    }
  }
}
