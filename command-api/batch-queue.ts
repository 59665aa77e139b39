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
 * Hands over what was added as one batch, with one batch under way at a time: what comes meanwhile is the next one.
 * Under load batches grow, so that the cost per item falls when it matters; an idle queue adds one turn of the event
 * loop. When a batch fails, what waited behind it fails with it, at once: a hung Redis costs one wait, not several.
 */
export class BatchQueue<Item, Result> {
  private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  private readonly bounds: BatchBounds;
  private waiting: Waiting<Item, Result>[] = [];
  private underWay = 0;
  private scheduled = false;

  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>, bounds: BatchBounds) {
    this.run = run;
    this.bounds = bounds;
  }

  /** Settles as the batch does, or rejects within the bounds. */
  add(item: Item): Promise<Result> {
    if (this.waiting.length + this.underWay >= this.bounds.waitingMax) {
      return Promise.reject(
        new QueueFullError(`more than ${this.bounds.waitingMax} commands wait for Redis`),
      );
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.underWay === 0) this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.flush();
    });
  }

  private async flush(): Promise<void> {
    const batch = this.waiting.splice(0, this.bounds.batchMax);
    this.underWay = batch.length;
    try {
      const results = await withDeadline(
        this.run(batch.map(({ item }) => item)),
        this.bounds.answerWithinMs,
        'Redis',
      );
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      const behind = this.waiting;
      this.waiting = [];
      for (const { reject } of batch) reject(error);
      for (const { reject } of behind) reject(error);
    }
    this.underWay = 0;
    if (this.waiting.length > 0) this.schedule();
  }
}
