import { backoffMs, pause } from '../deadline';
import { fetchRecords, type Fetched } from './fetch-records';
import { LastingTrouble } from './lasting-trouble';
import { InfrastructureError } from './log';
import type { PartitionLane } from './partition-lane';
import type { Cluster } from './wire/cluster';
import type { FetchPlace } from './wire/fetch-request';

export interface FetchEvents {
  readonly onOutOfRange: (error: Error) => void;
  /** What was fetched cannot be trusted: a gap, a wrong checksum, an unknown format. */
  readonly onUnreadable: (error: Error) => void;
  /** A topic has more partitions than the group shared out. */
  readonly onNewPartitions: (topic: string) => void;
}

const waitMs = 500;
/**
 * While a full lane is left out, its place must not have to wait for another partition's first record. It is full with
 * four calls of the handler, 60 ms at the speed of a rebuild. With 10 ms a projector in a burst fetched 100 times a second.
 */
const waitWhileFullMs = 30;
/**
 * From the begin of a fetch to the begin of the next, at least. A fetch and its answer cost the broker and us 0.2 ms
 * each, and a broker answers a waiting one at the first record: without this 1,000 records a second were hundreds of
 * fetches. A record that comes alone is fetched at once.
 */
const fetchEveryMs = 10;
const superviseMs = 10_000;
const superviseUnledMs = 500;
const sizes = { bytesMax: 4 * 1024 * 1024, partitionBytesMax: 512 * 1024 };

const nameOf = ({ topic, partition }: Pick<FetchPlace, 'topic' | 'partition'>): string =>
  `${topic}:${partition}`;

/**
 * One loop per broker that leads one of the lanes' partitions, each with one fetch under way at a time. Loops come
 * and go as leaders move. A broker that does not answer is asked again with backoff for as long as the tenure lasts.
 */
export class FetchLoops {
  readonly #cluster: Cluster;
  readonly #lanes: readonly PartitionLane[];
  readonly #signal: AbortSignal;
  readonly #events: FetchEvents;
  readonly #partitionCounts = new Map<string, number>();
  /** Node ids that a loop runs for. */
  readonly #loops = new Set<number>();
  /** Partitions that the last try brought nothing of, with the reason. */
  readonly #unfetched = new Map<string, Error>();
  readonly #trouble: LastingTrouble;
  readonly #hungry = new Set<() => void>();
  /** Aborts when leaders are not any more what they were when `run` last looked. */
  #changed = new AbortController();
  #turn = 0;

  constructor(cluster: Cluster, lanes: readonly PartitionLane[], signal: AbortSignal, events: FetchEvents) {
    this.#cluster = cluster;
    this.#lanes = lanes;
    this.#signal = signal;
    this.#events = events;
    this.#trouble = new LastingTrouble(cluster.connection.logger, 'partitions cannot be fetched');
  }

  /** Resolves when the signal has aborted; what a last fetch still brings is dropped. */
  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      this.#changed = new AbortController();
      const allLed = await this.#supervise();
      this.#tell();
      if (allLed) await pause(superviseMs, AbortSignal.any([this.#signal, this.#changed.signal]));
      else await pause(superviseUnledMs, this.#signal);
    }
  }

  /** A lane has room again. */
  wake(): void {
    for (const resume of this.#hungry) resume();
    this.#hungry.clear();
  }

  /** Starts a loop for each leader that has none; false when a partition has no leader or no broker answers. */
  async #supervise(): Promise<boolean> {
    /** Why the brokers could not be asked. */
    let unknown: Error | undefined;
    try {
      for (const topic of new Set(this.#lanes.map((lane) => lane.topic))) {
        const { length } = await this.#cluster.leaders(topic);
        const before = this.#partitionCounts.get(topic) ?? length;
        this.#partitionCounts.set(topic, length);
        if (length > before) this.#events.onNewPartitions(topic);
      }
    } catch (error) {
      unknown = error as Error;
    }
    if (this.#signal.aborted) return true;
    const unled = this.#lanes.filter((lane) => this.#leaderOf(lane) === undefined);
    for (const lane of unled) this.#unfetched.set(nameOf(lane), unknown ?? new Error('it has no leader'));
    if (unknown) return false;
    this.#startLoops();
    return unled.length === 0;
  }

  #startLoops(): void {
    for (const leader of new Set(this.#lanes.map((lane) => this.#leaderOf(lane)))) {
      if (leader === undefined || this.#loops.has(leader)) continue;
      this.#loops.add(leader);
      void this.#loop(leader);
    }
  }

  #tell(): void {
    if (this.#signal.aborted) return;
    const [reason] = this.#unfetched.values();
    if (reason === undefined) this.#trouble.over();
    else this.#trouble.note(reason, { partitions: [...this.#unfetched.keys()] });
  }

  #leaderOf(lane: PartitionLane): number | undefined {
    return this.#cluster.knownLeaders(lane.topic)?.[lane.partition];
  }

  async #loop(nodeId: number): Promise<void> {
    let failures = 0;
    let nextAtMs = 0;
    while (!this.#signal.aborted) {
      const lanes = this.#lanes.filter((lane) => this.#leaderOf(lane) === nodeId);
      if (!this.#isEachServed()) this.#changed.abort();
      if (lanes.length === 0) break;
      const places = this.#placesOf(lanes);
      if (places.length === 0) {
        await this.#untilHungry();
        continue;
      }
      const earlyMs = nextAtMs - performance.now();
      if (earlyMs > 0) {
        await pause(earlyMs, this.#signal);
        continue;
      }
      nextAtMs = performance.now() + fetchEveryMs;
      const isWell = await this.#fetch(nodeId, places, lanes);
      this.#tell();
      failures = isWell ? 0 : failures + 1;
      if (failures === 0) continue;
      await pause(50 + backoffMs(failures, 50, 2_000), this.#signal);
      await this.#supervise();
    }
    this.#loops.delete(nodeId);
  }

  /** False when a partition has moved to a leader that no loop runs for, or has none: to wait for `run` were 10 s. */
  #isEachServed(): boolean {
    return this.#lanes.every((lane) => {
      const leader = this.#leaderOf(lane);
      return leader !== undefined && this.#loops.has(leader);
    });
  }

  /** In turns, so that a partition whose answer was cut off at the size limit comes first some other time. */
  #placesOf(lanes: readonly PartitionLane[]): readonly FetchPlace[] {
    this.#turn += 1;
    const first = this.#turn % lanes.length;
    return [...lanes.slice(first), ...lanes.slice(0, first)]
      .map((lane) => lane.wanted())
      .filter((place) => place !== undefined);
  }

  /** False when the broker is to be asked again later. */
  async #fetch(
    nodeId: number,
    places: readonly FetchPlace[],
    lanes: readonly PartitionLane[],
  ): Promise<boolean> {
    const isFull = lanes.some((lane) => lane.isFull && !lane.isBackingOff);
    const limits = { ...sizes, waitMs: isFull ? waitWhileFullMs : waitMs };
    try {
      const fetched = await fetchRecords(this.#cluster, nodeId, places, limits);
      if (this.#signal.aborted) return true;
      return fetched.map((each) => this.#accept(each, lanes)).every((isWell) => isWell);
    } catch (error) {
      if (this.#signal.aborted) return true;
      if (!(error instanceof InfrastructureError)) {
        this.#events.onUnreadable(error instanceof Error ? error : new Error(String(error)));
      }
      for (const place of places) {
        this.#cluster.forget(place.topic);
        this.#unfetched.set(nameOf(place), error as Error);
      }
      return false;
    }
  }

  #accept(fetched: Fetched, lanes: readonly PartitionLane[]): boolean {
    const { topic, partition } = fetched.place;
    switch (fetched.kind) {
      case 'records':
        lanes
          .find((lane) => lane.topic === topic && lane.partition === partition)
          ?.accept(fetched.records, fetched.high);
        this.#unfetched.delete(nameOf(fetched.place));
        return true;
      case 'out-of-range':
        this.#events.onOutOfRange(fetched.error);
        return false;
      case 'unavailable':
        this.#cluster.forget(topic);
        this.#unfetched.set(nameOf(fetched.place), fetched.error);
        return false;
    }
  }

  #untilHungry(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#signal.removeEventListener('abort', done);
        resolve();
      };
      this.#hungry.add(done);
      this.#signal.addEventListener('abort', done, { once: true });
    });
  }
}
