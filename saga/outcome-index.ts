import type { LogAdmin, LogReader, LogRecord, PartitionRange } from '../chassis/kafka/log';
import { keyBytes, partitionOf } from '../chassis/kafka/partitioner';
import { shareQuestion } from '../chassis/shared-question';
import type { EventCodec } from '../schemas/codec';
import { decodeOrLearn } from '../schemas/decode-or-learn';
import { topics } from '../schemas/topics';
import { KeyOffsets } from './key-offsets';

export interface OutcomeIndexParts {
  readonly reader: LogReader;
  readonly admin: Pick<LogAdmin, 'ranges'>;
  readonly codec: EventCodec;
  /** After each piece, so that slow can be told from stuck. */
  readonly onRead: (progress: IndexProgress) => void;
}

/** Records read of those that the log had when the last read began; all 0 while no index is needed. */
export interface IndexProgress {
  readonly read: number;
  readonly total: number;
  /** Memory of the index, outside of the heap. */
  readonly bytes: number;
}

interface Partition {
  readonly low: number;
  next: number;
  /** Everything that was in the partition by then, on the broker's or the store's clock, is read. */
  throughMs: number;
  readonly offsets: KeyOffsets;
  /** Markers, oldest first, each with the newest epoch up to there. */
  readonly markers: { readonly offset: number; readonly newest: number }[];
}

/** Where outcomes of a key may stand, oldest first. */
export interface Places {
  readonly partition: number;
  readonly offsets: readonly number[];
}

/** A piece of the topic: every partition is named, and those of which nothing is wanted end where they begin. */
export interface ReadRange {
  readonly from: ReadonlyMap<number, number>;
  readonly to: ReadonlyMap<number, number>;
}

const topic = topics.orderOutcomes.name;

/**
 * Where in the log the outcomes are, by the hashes of their orders' keys: 16 to 32 bytes each, in all partitions,
 * because an order in payment-retries may be of any. Only records without a key are decoded: an outcome has its order's
 * for a key, a marker has none. What is found must be compared with the record.
 */
export class OutcomeIndex {
  /** Reads on to the end that the log has at some time after the call. @throws InfrastructureError */
  readonly readOn: () => Promise<void>;
  private readonly parts: OutcomeIndexParts;
  private readonly signal: AbortSignal;
  private readonly partitions: Partition[] = [];
  private total = 0;
  private storeNowMs = 0;

  constructor(parts: OutcomeIndexParts, signal: AbortSignal) {
    this.parts = parts;
    this.signal = signal;
    this.readOn = shareQuestion(() => this.read());
  }

  /** A time of the store's clock that has come: what is read from here on is read later than that. */
  noteStoreTime(storeNowMs: number): void {
    this.storeNowMs = Math.max(this.storeNowMs, storeNowMs);
  }

  /** Up to when every outcome is in the index, in all partitions; 0 before the first of them is read. */
  throughMs(): number {
    if (this.partitions.length === 0) return 0;
    return Math.min(...this.partitions.map(({ throughMs }) => throughMs));
  }

  /** As `throughMs` for the key's partition, when the index has no place for the key; else 0. */
  absentThroughMs(key: string): number {
    if (this.partitions.length === 0) return 0;
    const bytes = keyBytes(key);
    const partition = this.partitions[partitionOf(bytes, this.partitions.length)];
    return partition?.offsets.of(bytes).length === 0 ? partition.throughMs : 0;
  }

  placesOf(key: string): Places {
    const bytes = keyBytes(key);
    const partition = partitionOf(bytes, this.partitions.length);
    return { partition, offsets: this.partitions[partition]?.offsets.of(bytes) ?? [] };
  }

  /** The newest epoch with a marker before this place; -1 when there is none. */
  newestMarkerBefore(partition: number, offset: number): number {
    return this.partitions[partition]?.markers.findLast((it) => it.offset < offset)?.newest ?? -1;
  }

  /** What to read for a place and `near` records to both sides of it, as far as the index knows the partition. */
  rangeAround(partition: number, offset: number, near: number): ReadRange {
    const { low = 0, next = 0 } = this.partitions[partition] ?? {};
    const only = (edge: number): ReadonlyMap<number, number> =>
      new Map(this.partitions.map((_, other) => [other, other === partition ? edge : 0]));
    return { from: only(Math.max(low, offset - near)), to: only(Math.min(next, offset + near)) };
  }

  progress(): IndexProgress {
    const sumOf = (of: (partition: Partition) => number): number =>
      this.partitions.reduce((sum, partition) => sum + of(partition), 0);
    return {
      read: sumOf(({ low, next }) => next - low),
      total: this.total,
      bytes: sumOf(({ offsets }) => offsets.bytes),
    };
  }

  /** Broker time of the oldest record of the log; undefined when it is empty. @throws InfrastructureError */
  async oldestAtMs(): Promise<number | undefined> {
    const { reader, admin } = this.parts;
    const ranges = await admin.ranges(topic);
    const times: number[] = [];
    await reader.read({
      topic,
      to: new Map(ranges.map(({ partition, low, high }) => [partition, Math.min(low + 1, high)])),
      onRecords: (records) => void times.push(...records.map(({ appendedAtMs }) => appendedAtMs)),
      withHeaders: false,
      signal: this.signal,
    });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** What a read breaks off at is kept: the next one goes on from there. */
  private async read(): Promise<void> {
    const { reader, admin } = this.parts;
    const { storeNowMs } = this;
    const ranges = await admin.ranges(topic);
    this.total = ranges.reduce((sum, { low, high }) => sum + high - low, 0);
    const from = ranges.map((range) => [range.partition, this.known(range).next] as const);
    await reader.read({
      topic,
      from: new Map(from),
      to: new Map(ranges.map(({ partition, high }) => [partition, high])),
      onRecords: (records) => this.take(records),
      withHeaders: false,
      signal: this.signal,
    });
    for (const partition of this.partitions) {
      partition.throughMs = Math.max(partition.throughMs, storeNowMs);
    }
  }

  private known({ partition, low }: PartitionRange): Partition {
    return (this.partitions[partition] ??= {
      low,
      next: low,
      throughMs: 0,
      offsets: new KeyOffsets(),
      markers: [],
    });
  }

  /** Of one partition, in the log's order. */
  private async take(records: readonly LogRecord[]): Promise<void> {
    for (const record of records) {
      const partition = this.partitions[record.partition];
      if (!partition) throw new TypeError(`${topic} has no partition ${record.partition}`);
      if (record.key) partition.offsets.add(record.key, record.offset);
      else await this.takeMarker(partition, record);
      partition.next = record.offset + 1;
      partition.throughMs = Math.max(partition.throughMs, record.appendedAtMs);
    }
    this.parts.onRead(this.progress());
  }

  private async takeMarker({ markers }: Partition, record: LogRecord): Promise<void> {
    const decoded = await decodeOrLearn(this.parts.codec, topic, record.value);
    if (decoded.kind !== 'event' || decoded.event.type !== 'EpochStarted') return;
    const newest = Math.max(markers.at(-1)?.newest ?? -1, decoded.event.epoch);
    markers.push({ offset: record.offset, newest });
  }
}
