import { pause } from '../deadline';
import { defaultTiming } from './consumer-timing';
import { assign, type TopicPartition } from './group-assignment';
import {
  type FatalExitCode,
  type GroupConsumer,
  type GroupConsumerOptions,
  InfrastructureError,
  type LogRecord,
  type PartitionLag,
} from './log';
import { PartitionLane } from './partition-lane';

/** What a consumer needs of the log in memory. */
export interface MemoryPartitions {
  partitions(topic: string): readonly (readonly LogRecord[])[];
  watch(watcher: () => void): () => void;
}

/** Short waits, because nothing here is far away. */
const timing = { ...defaultTiming, backoffBaseMs: 5, backoffMaxMs: 50, revokeMs: 1_000 };
const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Members of one group and what they committed. Who joins or leaves makes all others give up their partitions. */
export class MemoryGroup {
  readonly committed = new Map<string, number>();
  readonly #log: MemoryPartitions;
  readonly #members = new Map<string, MemoryConsumer>();
  #joined = 0;
  #rebalancing: Promise<void> = Promise.resolve();

  constructor(log: MemoryPartitions) {
    this.#log = log;
  }

  join(member: MemoryConsumer): Promise<void> {
    this.#joined += 1;
    this.#members.set(`member-${String(this.#joined).padStart(6, '0')}`, member);
    return this.#rebalance();
  }

  leave(member: MemoryConsumer): Promise<void> {
    for (const [id, each] of this.#members) if (each === member) this.#members.delete(id);
    return this.#rebalance();
  }

  #rebalance(): Promise<void> {
    this.#rebalancing = this.#rebalancing.then(async () => {
      const members = [...this.#members].map(([memberId, { topics }]) => ({ memberId, topics }));
      await Promise.all([...this.#members.values()].map((member) => member.revoke()));
      const topics = new Set(members.flatMap((member) => member.topics));
      const counts = new Map([...topics].map((topic) => [topic, this.#log.partitions(topic).length]));
      for (const [memberId, partitions] of assign(members, counts)) {
        this.#members.get(memberId)?.take(partitions);
      }
    });
    return this.#rebalancing;
  }
}

/** The group consumer on records in memory; it shares the lanes, and so their rules, with the real one. */
export class MemoryConsumer implements GroupConsumer {
  readonly topics: readonly string[];
  readonly #log: MemoryPartitions;
  readonly #group: MemoryGroup;
  readonly #options: GroupConsumerOptions;
  #tenure = new AbortController();
  #lanes: readonly PartitionLane[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #unwatch: () => void = () => undefined;
  #state: 'new' | 'started' | 'stopped' | 'fatal' = 'new';

  constructor(log: MemoryPartitions, group: MemoryGroup, options: GroupConsumerOptions) {
    this.#log = log;
    this.#group = group;
    this.#options = options;
    this.topics = options.topics;
  }

  async start(): Promise<void> {
    if (this.#state !== 'new') return;
    this.#state = 'started';
    this.#unwatch = this.#log.watch(() => this.#feed());
    await this.#group.join(this);
  }

  async stop(): Promise<void> {
    if (this.#state !== 'fatal') this.#state = 'stopped';
    this.#unwatch();
    await this.revoke();
    await this.#group.leave(this);
  }

  lag(): readonly PartitionLag[] {
    return this.#lanes.map((lane) => lane.lag());
  }

  /** Gives up all partitions: handlers are told to end, waited for, and what they did is committed. */
  async revoke(): Promise<void> {
    this.#tenure.abort();
    await Promise.race([this.#running, pause(timing.revokeMs)]);
    this.#commit();
    this.#lanes = [];
  }

  /** Begins to consume `partitions`. */
  take(partitions: readonly TopicPartition[]): void {
    if (this.#state !== 'started') return;
    this.#tenure = new AbortController();
    const { signal } = this.#tenure;
    this.#lanes = partitions.map(
      (place) =>
        new PartitionLane(place, {
          onRecords: this.#options.onRecords,
          recordsMax: this.#options.recordsMax ?? 500,
          timing,
          logger,
          signal,
          isTrusted: () => true,
          onHungry: () => setImmediate(() => this.#feed()),
          onBug: (error) => this.#fatal(70, error),
        }),
    );
    this.#running = Promise.all(this.#lanes.map((lane) => this.#run(lane)));
  }

  async #run(lane: PartitionLane): Promise<void> {
    const { topic, partition } = lane;
    try {
      const own = await this.#options.startAt?.(topic, partition);
      const position = own ?? this.#group.committed.get(`${topic}:${partition}`) ?? 0;
      const high = this.#log.partitions(topic)[partition]?.length ?? 0;
      if (position < 0 || position > high) {
        this.#fatal(71, new Error(`offset ${position} of ${topic}:${partition} is outside [0, ${high}]`));
        return;
      }
      await lane.run(position, high);
    } catch (error) {
      if (!(error instanceof InfrastructureError)) {
        this.#fatal(70, error as Error);
        return;
      }
      await pause(timing.backoffBaseMs, this.#tenure.signal);
      if (!this.#tenure.signal.aborted) await this.#run(lane);
    }
  }

  #feed(): void {
    this.#commit();
    for (const lane of this.#lanes) {
      const place = lane.wanted();
      const records = this.#log.partitions(lane.topic)[lane.partition] ?? [];
      if (place) lane.accept(records.slice(place.fromOffset, place.fromOffset + 1_000), records.length);
      else lane.noteEnd(records.length);
    }
  }

  #commit(): void {
    for (const lane of this.#lanes) {
      const offset = lane.uncommitted()?.offset;
      if (offset === undefined) continue;
      this.#group.committed.set(`${lane.topic}:${lane.partition}`, offset);
      lane.noteCommitted(offset);
    }
  }

  #fatal(code: FatalExitCode, reason: Error): void {
    if (this.#state === 'fatal') return;
    this.#state = 'fatal';
    this.#tenure.abort();
    this.#unwatch();
    this.#options.onFatal(code, reason);
  }
}
