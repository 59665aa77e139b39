import {
  type GroupConsumer,
  type GroupConsumerOptions,
  InfrastructureError,
  type LogAdmin,
  type LogProducer,
  type LogReader,
  type LogRecord,
  type NewRecord,
  type RecordHeaders,
  type SendOutcome,
  type TopicSettings,
} from './log';
import { MemoryConsumer, MemoryGroup } from './memory-consumer';
import { partitionOf } from './partitioner';

interface MemoryTopic {
  readonly settings: TopicSettings;
  readonly partitions: LogRecord[][];
}

const bytes = (text: string | Buffer | null): Buffer | null =>
  typeof text === 'string' ? Buffer.from(text) : text;

const bytesOfAll = (headers: RecordHeaders | undefined): RecordHeaders =>
  Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, bytes(value) ?? undefined]],
    ),
  );

/**
 * The log without a broker, for unit tests: the same ports with the same promises, held in memory.
 */
export class MemoryLog {
  readonly #topics = new Map<string, MemoryTopic>();
  readonly #groups = new Map<string, MemoryGroup>();
  readonly #watchers = new Set<() => void>();
  readonly #now: () => number;
  /**
   * One for each of the next records sent; 'lost' and 'answer lost' both end 'unknown', the latter is in the log, and
   * 'refused' is a rejection for good.
   */
  readonly sends: ('rejected' | 'refused' | 'lost' | 'answer lost')[] = [];
  #keyless = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** All records of a topic, partition after partition. */
  records(topic: string): readonly LogRecord[] {
    return this.partitions(topic).flat();
  }

  /** Throws InfrastructureError when the topic does not exist. */
  partitions(topic: string): readonly (readonly LogRecord[])[] {
    return this.#topic(topic).partitions;
  }

  /** Calls `watcher` after each append until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  producer(): LogProducer {
    let stopped = false;
    const send = (record: NewRecord): SendOutcome => {
      const error = new Error(stopped ? 'the producer is stopped' : 'a scripted fault');
      if (stopped) return { kind: 'rejected', error };
      const fault = this.sends.shift();
      if (fault === 'rejected') return { kind: 'rejected', error };
      if (fault === 'refused') return { kind: 'rejected', error, isFinal: true };
      if (fault === 'lost') return { kind: 'unknown', error };
      const outcome = this.#append(record);
      return fault === 'answer lost' ? { kind: 'unknown', error } : outcome;
    };
    return {
      queued: 0,
      send: async (record) => send(record),
      sendAll: async (records) => records.map(send),
      stop: async () => {
        stopped = true;
      },
    };
  }

  reader(): LogReader {
    return {
      read: async ({ topic, from, to, onRecords, signal }) => {
        const ends = new Map<number, number>();
        for (const [partition, records] of this.partitions(topic).entries()) {
          signal?.throwIfAborted();
          const start = from?.get(partition) ?? 0;
          const end = to?.get(partition) ?? records.length;
          if (end > records.length)
            throw new InfrastructureError(`${topic}:${partition} ends at ${records.length}`);
          if (start < end) await onRecords(records.slice(start, end));
          ends.set(partition, Math.max(start, end));
        }
        return ends;
      },
    };
  }

  admin(): LogAdmin {
    return {
      ranges: async (topic) =>
        this.partitions(topic).map((records, partition) => ({ partition, low: 0, high: records.length })),
      ends: async (topic) => this.partitions(topic).map(({ length }) => length),
      createTopics: async (topics) => {
        const missing = topics.filter((topic) => !this.#topics.has(topic.name));
        for (const settings of missing) {
          const partitions = Array.from({ length: settings.partitions }, () => []);
          this.#topics.set(settings.name, { settings, partitions });
        }
        return missing.map((topic) => topic.name);
      },
      differences: async (topics) => topics.flatMap((topic) => this.#differences(topic)),
      ping: async () => undefined,
      stop: async () => undefined,
    };
  }

  consumer(options: GroupConsumerOptions): GroupConsumer {
    const group = this.#groups.get(options.groupId) ?? new MemoryGroup(this);
    this.#groups.set(options.groupId, group);
    return new MemoryConsumer(this, group, options);
  }

  /** Sets a group's committed offset, as an operator might. */
  commit(groupId: string, topic: string, partition: number, offset: number): void {
    const group = this.#groups.get(groupId) ?? new MemoryGroup(this);
    this.#groups.set(groupId, group);
    group.committed.set(`${topic}:${partition}`, offset);
  }

  #topic(name: string): MemoryTopic {
    const topic = this.#topics.get(name);
    if (!topic) throw new InfrastructureError(`the topic ${name} does not exist`);
    return topic;
  }

  #append(record: NewRecord): SendOutcome {
    const partitions = this.#topics.get(record.topic)?.partitions ?? [];
    const partition = record.partition ?? this.#partitionFor(record.key, partitions.length);
    const records = partitions[partition];
    if (!records) {
      const error = new Error(`${record.topic} has no partition ${partition}`);
      return { kind: 'rejected', error };
    }
    const appendedAtMs = this.#now();
    const offset = records.length;
    records.push({
      topic: record.topic,
      partition,
      offset,
      key: bytes(record.key),
      value: record.value,
      headers: bytesOfAll(record.headers),
      appendedAtMs,
    });
    for (const watcher of this.#watchers) watcher();
    return { kind: 'acked', partition, offset, appendedAtMs };
  }

  #partitionFor(key: string | Buffer | null, count: number): number {
    if (key !== null) return partitionOf(key, count);
    this.#keyless += 1;
    return this.#keyless % count;
  }

  #differences(wanted: TopicSettings): readonly string[] {
    const found = this.#topics.get(wanted.name)?.settings;
    if (!found) return [`topic ${wanted.name} does not exist`];
    const differences: string[] = [];
    if (found.partitions !== wanted.partitions) {
      differences.push(
        `topic ${wanted.name} has ${found.partitions} partitions instead of ${wanted.partitions}`,
      );
    }
    for (const [name, value] of Object.entries(wanted.config)) {
      const actual = found.config[name];
      if (actual !== value)
        differences.push(`topic ${wanted.name} has ${name}=${actual} instead of ${value}`);
    }
    return differences;
  }
}
