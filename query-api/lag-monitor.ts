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

/** How far the view is behind the log. */
export interface Behind {
  /** Appended to the log and not yet in the view. */
  readonly events: number;
  /** Since when the oldest of them waits. */
  readonly lagMs: number;
}

export interface PartitionBehind extends Behind {
  readonly topic: string;
  readonly partition: number;
}

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
    if (watched === undefined || this.#isBlind(watched)) return null;
    const { lagMs } = this.#behind(topic, watched, partition);
    return lagMs > staleAfterMs ? Math.round(lagMs) : undefined;
  }

  /** By topic and partition, for metrics. A topic that nobody knows about is left out: 0 would say that all is well. */
  all(): readonly PartitionBehind[] {
    return [...this.#watched]
      .filter(([, watched]) => !this.#isBlind(watched))
      .flatMap(([topic, watched]) =>
        watched.meters.map((_, partition) => this.#behind(topic, watched, partition)),
      );
  }

  /** Of all topics, or of one: events not yet in the view, and how long the worst partition is behind; null: nobody knows. */
  behind(topic?: string): Behind | null {
    const asked = [...this.#watched].filter(([name]) => topic === undefined || name === topic);
    if (asked.some(([, watched]) => this.#isBlind(watched))) return null;
    const all = this.all().filter((one) => topic === undefined || one.topic === topic);
    return {
      events: all.reduce((sum, { events }) => sum + events, 0),
      lagMs: all.reduce((most, { lagMs }) => Math.max(most, lagMs), 0),
    };
  }

  #isBlind({ sampledAtMs }: Watched): boolean {
    return performance.now() - sampledAtMs > blindAfterMs;
  }

  #behind(topic: string, { meters }: Watched, partition: number): PartitionBehind {
    const next = this.#progress.next(topic, partition);
    const meter = meters[partition];
    return {
      topic,
      partition,
      events: meter?.events(next) ?? 0,
      lagMs: meter?.lagMs(next, performance.now()) ?? 0,
    };
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
