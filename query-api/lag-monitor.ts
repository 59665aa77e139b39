import { pause } from '../chassis/deadline';
import type { LogEnds } from './log-ends';
import { PartitionLagMeter } from './view-lag';
import type { ViewProgress } from './view-progress';

/** Precise enough to say "3 s behind", and two small requests to Kafka a sample. */
const sampleMs = 500;
/** Less than this is the usual way of a batch from the log to the view. */
const staleAfterMs = 1_000;
/** Without a sample for this long nobody knows how far the view is. */
const blindAfterMs = 3_000;

/** `undefined`: it keeps up; `null`: nobody knows. */
export type Lag = number | null | undefined;

interface Watched {
  readonly ends: LogEnds;
  readonly meters: PartitionLagMeter[];
  sampledAtMs: number;
}

/** How far the view is behind each partition of the topics it is made of. */
export class LagMonitor {
  readonly #progress: ViewProgress;
  readonly #watched: ReadonlyMap<string, Watched>;
  readonly #stopped = new AbortController();
  #work: Promise<void> | undefined;

  constructor(progress: ViewProgress, ends: Readonly<Record<string, LogEnds>>) {
    this.#progress = progress;
    this.#watched = new Map(
      Object.entries(ends).map(([topic, one]) => [topic, { ends: one, meters: [], sampledAtMs: -Infinity }]),
    );
  }

  start(): void {
    this.#work = this.#sampleForEver();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#work;
  }

  /** The lag of a partition when it is worth telling a reader. */
  lag(topic: string, partition: number): Lag {
    const watched = this.#watched.get(topic);
    if (watched === undefined || performance.now() - watched.sampledAtMs > blindAfterMs) return null;
    const lagMs = this.#lagMs(topic, watched, partition);
    return lagMs > staleAfterMs ? Math.round(lagMs) : undefined;
  }

  /** Milliseconds by topic and partition, for metrics. */
  all(): readonly { readonly topic: string; readonly partition: number; readonly lagMs: number }[] {
    return [...this.#watched].flatMap(([topic, watched]) =>
      watched.meters.map((_, partition) => ({
        topic,
        partition,
        lagMs: this.#lagMs(topic, watched, partition),
      })),
    );
  }

  #lagMs(topic: string, { meters }: Watched, partition: number): number {
    return meters[partition]?.lagMs(this.#progress.next(topic, partition), performance.now()) ?? 0;
  }

  async #sampleForEver(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await Promise.all([...this.#watched.values()].map((watched) => this.#sample(watched)));
      await pause(sampleMs, signal);
    }
  }

  async #sample(watched: Watched): Promise<void> {
    const askedAtMs = performance.now();
    try {
      const ends = await watched.ends.now();
      ends.forEach((end, partition) => {
        const meter = (watched.meters[partition] ??= new PartitionLagMeter());
        meter.sample(end, askedAtMs);
      });
      watched.sampledAtMs = performance.now();
    } catch {
      // The age of the last sample says it.
    }
  }
}
