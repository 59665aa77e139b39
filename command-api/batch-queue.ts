import { DeadlineError } from '../chassis/deadline';

export interface BatchBounds {
  readonly batchMax: number;
  /** Most items queued or in flight; beyond it `add` rejects at once. */
  readonly waitingMax: number;
  /** From `add` to the item's own result, in whichever batch it goes. */
  readonly answerWithinMs: number;
  /** From the begin of a batch to the begin of the next, at least, unless `company` items wait. */
  readonly everyMs: number;
  /** As many items as are worth a batch at once, at this moment. */
  readonly company: () => number;
}

export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly dueAtMs: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hands over what was added as one batch, with one batch under way at a time: what comes meanwhile is the next one.
 * Under load batches grow, so that the cost per item falls when it matters; an idle queue adds one turn of the event
 * loop, and nothing that comes alone waits for company. When a batch fails, or the oldest item has waited for too long, what waits behind it fails with it, at once: a
 * hung Redis costs one wait, not several. The time counts from `add`: with 400 ms a batch and 4,096 items a clock for
 * each batch let the last one wait for 13 s.
 */
export class BatchQueue<Item, Result> {
  private readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  private readonly bounds: BatchBounds;
  private readonly whenSent: { readonly result: Result } | undefined;
  private waiting: Waiting<Item, Result>[] = [];
  private underWay: readonly Waiting<Item, Result>[] = [];
  private scheduled: 'no' | 'paced' | 'now' = 'no';
  private pace: NodeJS.Timeout | undefined;
  private beginFirst: (() => void) | undefined;
  private beginThen: (() => void) | undefined;
  private beganAtMs = Number.NEGATIVE_INFINITY;
  private watch: NodeJS.Timeout | undefined;

  /**
   * @param whenSent what an item settles with when its batch is handed over, which is not before the batch ahead of it
   * was answered; without it an item waits for its own result.
   */
  constructor(
    run: (items: readonly Item[]) => Promise<readonly Result[]>,
    bounds: BatchBounds,
    whenSent?: { readonly result: Result },
  ) {
    this.run = run;
    this.bounds = bounds;
    this.whenSent = whenSent;
  }

  /** Settles as the batch does, or when it is sent; rejects within the bounds. */
  add(item: Item): Promise<Result> {
    const { waitingMax, answerWithinMs } = this.bounds;
    if (this.waiting.length + this.underWay.length >= waitingMax) {
      return Promise.reject(new QueueFullError(`more than ${waitingMax} commands wait for Redis`));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, dueAtMs: performance.now() + answerWithinMs, resolve, reject });
      this.watch ??= this.watchOldest(answerWithinMs);
      if (this.underWay.length === 0) this.schedule();
    });
  }

  /**
   * From now on, when one of the two begins a batch, the other begins what waits there in the same turn of the event
   * loop: one wake-up of Redis for both. Apart, each waking the sleeper on the other core, they let in 6 % less at 128
   * connections (docs/benchmark-command-api-history.md). This one's batch goes first, whichever began: somebody waits for it.
   */
  lead<OtherItem, OtherResult>(other: BatchQueue<OtherItem, OtherResult>): void {
    this.beginThen = () => other.begin();
    other.beginFirst = () => this.begin();
  }

  private schedule(): void {
    if (this.scheduled === 'now') return;
    const earlyMs = this.beganAtMs + this.bounds.everyMs - performance.now();
    if (earlyMs > 0 && this.waiting.length < this.bounds.company()) {
      if (this.scheduled === 'paced') return;
      this.scheduled = 'paced';
      this.pace = setTimeout(() => this.flush(), earlyMs);
      return;
    }
    clearTimeout(this.pace);
    this.scheduled = 'now';
    setImmediate(() => this.flush());
  }

  private flush(): void {
    this.beginFirst?.();
    this.begin();
    this.beginThen?.();
  }

  private begin(): void {
    if (this.underWay.length > 0) return;
    clearTimeout(this.pace);
    this.scheduled = 'no';
    const batch = this.waiting.splice(0, this.bounds.batchMax);
    if (batch.length > 0) void this.runBatch(batch);
  }

  private async runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    this.underWay = batch;
    this.beganAtMs = performance.now();
    try {
      const running = this.run(batch.map(({ item }) => item));
      if (this.whenSent) for (const { resolve } of batch) resolve(this.whenSent.result);
      const results = await running;
      if (this.underWay !== batch) return;
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (this.underWay === batch) this.failAll(error);
      return;
    }
    this.underWay = [];
    if (this.waiting.length > 0) this.schedule();
  }

  /** One timer, for the oldest item: all get the same time, so they are due in the order of their coming. */
  private watchOldest(afterMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.watch = undefined;
      const oldest = this.underWay[0] ?? this.waiting[0];
      if (oldest === undefined) return;
      const leftMs = oldest.dueAtMs - performance.now();
      if (leftMs > 0) this.watch = this.watchOldest(Math.ceil(leftMs));
      else this.failAll(new DeadlineError(`Redis took longer than ${this.bounds.answerWithinMs} ms`));
    }, afterMs).unref();
  }

  /** A batch that is given up may still be answered: nobody listens to it any more. */
  private failAll(error: unknown): void {
    const all = [...this.underWay, ...this.waiting];
    this.underWay = [];
    this.waiting = [];
    for (const { reject } of all) reject(error);
  }
}
