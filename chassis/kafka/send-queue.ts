import type { NewRecord, SendOutcome } from './log';
import { partitionOf } from './partitioner';
import type { LedBatch } from './produce-attempt';
import type { Leaders } from './wire/cluster';
import type { RecordContent } from './wire/record-batch-writer';

/** A record between `send` and its outcome. */
export interface PendingRecord extends RecordContent {
  readonly topic: string;
  /** Chosen once; a record that is sent again stays in its partition. */
  partition: number | undefined;
  readonly bytes: number;
  readonly deadlineAtMs: number;
  readonly queuedAtMs: number;
  /** A request that carried it got no clear answer, so it may be in the log. */
  maybeWritten: boolean;
  lastError: Error | undefined;
  readonly settle: (outcome: SendOutcome) => void;
  settled: boolean;
}

export interface PendingBatch extends LedBatch {
  readonly records: PendingRecord[];
}

export interface BatchLimits {
  readonly recordsMax: number;
  readonly bytesMax: number;
}

/** What records may go now. */
export interface Openings {
  readonly leadersOf: (topic: string) => Leaders | undefined;
  /** Whether a partition, named `topic:partition`, may be sent to its leader now. */
  readonly isOpen: (name: string, leader: number) => boolean;
}

export const partitionName = (topic: string, partition: number): string => `${topic}:${partition}`;

/** Two lists, each oldest first, as one. */
const byAge = (some: readonly PendingRecord[], others: readonly PendingRecord[]): PendingRecord[] => {
  const merged: PendingRecord[] = [];
  let index = 0;
  for (const record of some) {
    for (let other = others[index]; other && other.queuedAtMs < record.queuedAtMs; other = others[index]) {
      merged.push(other);
      index += 1;
    }
    merged.push(record);
  }
  return merged.concat(others.slice(index));
};

/**
 * Records waiting for a request, oldest first, with all their deadlines in the same order because every record gets
 * the same time. The queue does not bound itself; it counts.
 */
export class SendQueue {
  #waiting: PendingRecord[] = [];
  /** By partition: of each at most one batch, so that its records keep their order. */
  readonly #inFlight = new Map<string, PendingBatch>();
  #records = 0;
  #bytes = 0;
  #keyless = 0;
  readonly #recordsOf = new Map<string, number>();

  /** Records without an outcome, waiting or in flight. */
  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** The record whose deadline comes first. */
  oldest(): PendingRecord | undefined {
    let oldest = this.#waiting[0];
    for (const { records } of this.#inFlight.values()) {
      const flying = records.find((record) => !record.settled);
      if (flying && (oldest === undefined || flying.deadlineAtMs < oldest.deadlineAtMs)) oldest = flying;
    }
    return oldest;
  }

  add(
    record: NewRecord,
    known: { bytes: number; nowMs: number; deadlineMs: number },
    settle: PendingRecord['settle'],
  ): void {
    const { bytes, nowMs, deadlineMs } = known;
    this.#records += 1;
    this.#bytes += bytes;
    this.#recordsOf.set(record.topic, (this.#recordsOf.get(record.topic) ?? 0) + 1);
    this.#waiting.push({
      topic: record.topic,
      partition: record.partition,
      key: record.key,
      value: record.value,
      headers: record.headers,
      bytes,
      queuedAtMs: nowMs,
      deadlineAtMs: nowMs + deadlineMs,
      maybeWritten: false,
      lastError: undefined,
      settle,
      settled: false,
    });
  }

  /** Topics of the records without an outcome. */
  topics(): Iterable<string> {
    return this.#recordsOf.keys();
  }

  /**
   * The oldest records that fit into one request, by partition. Those of a partition that has no known leader, is not
   * open or has a batch in flight stay, in their order.
   */
  take(openings: Openings, limits: BatchLimits): readonly PendingBatch[] {
    const batches = new Map<string, PendingBatch | undefined>();
    const kept: PendingRecord[] = [];
    let taken = 0;
    let bytes = 0;
    let index = 0;
    for (; index < this.#waiting.length && taken < limits.recordsMax; index += 1) {
      const record = this.#waiting[index];
      if (record === undefined) break;
      if (taken > 0 && bytes + record.bytes > limits.bytesMax) break;
      const batch = this.#batchFor(record, openings, batches);
      if (batch) {
        batch.records.push(record);
        taken += 1;
        bytes += record.bytes;
      } else kept.push(record);
    }
    this.#waiting = kept.concat(this.#waiting.slice(index));
    const ready: PendingBatch[] = [];
    for (const [name, batch] of batches) {
      if (batch === undefined) continue;
      this.#inFlight.set(name, batch);
      ready.push(batch);
    }
    return ready;
  }

  /**
   * Puts those of these batches that are to be sent again back in their old order; the others have their outcome. What
   * waits may be older: behind younger records its deadline would not be seen until theirs.
   */
  giveBack(batches: readonly PendingBatch[]): void {
    const again: PendingRecord[] = [];
    for (const batch of batches) {
      this.#inFlight.delete(partitionName(batch.topic, batch.partition));
      for (const record of batch.records) if (!record.settled) again.push(record);
    }
    if (again.length === 0) return;
    again.sort((one, other) => one.queuedAtMs - other.queuedAtMs);
    this.#waiting = byAge(again, this.#waiting);
  }

  settle(record: PendingRecord, outcome: SendOutcome): void {
    if (record.settled) return;
    record.settled = true;
    this.#records -= 1;
    this.#bytes -= record.bytes;
    const left = (this.#recordsOf.get(record.topic) ?? 0) - 1;
    if (left > 0) this.#recordsOf.set(record.topic, left);
    else this.#recordsOf.delete(record.topic);
    record.settle(outcome);
  }

  /** Gives every record whose deadline is before `nowMs` its outcome; with Infinity, every record. */
  expire(nowMs: number, reason: string): void {
    for (const { records } of this.#inFlight.values()) {
      for (const record of records) {
        if (record.deadlineAtMs > nowMs) break;
        this.#giveUp(record, true, reason);
      }
    }
    let expired = 0;
    for (const record of this.#waiting) {
      if (record.deadlineAtMs > nowMs) break;
      this.#giveUp(record, record.maybeWritten, reason);
      expired += 1;
    }
    if (expired > 0) this.#waiting = this.#waiting.slice(expired);
  }

  #giveUp(record: PendingRecord, maybeWritten: boolean, reason: string): void {
    const error = new Error(`${reason}: ${record.lastError?.message ?? 'no answer from Kafka'}`, {
      cause: record.lastError,
    });
    this.settle(record, { kind: maybeWritten ? 'unknown' : 'rejected', error });
  }

  /** The batch that takes a record now; `undefined`: it has to stay. */
  #batchFor(
    record: PendingRecord,
    { leadersOf, isOpen }: Openings,
    batches: Map<string, PendingBatch | undefined>,
  ): PendingBatch | undefined {
    const { topic } = record;
    const leaders = leadersOf(topic);
    if (leaders === undefined) return undefined;
    record.partition ??= this.#partitionFor(record, leaders.length);
    const { partition } = record;
    const name = partitionName(topic, partition);
    const known = batches.get(name);
    if (known !== undefined || batches.has(name)) return known;
    const leader = leaders[partition];
    if (leader === undefined) record.lastError ??= new Error(`${name} has no leader`);
    const canGo = leader !== undefined && !this.#inFlight.has(name) && isOpen(name, leader);
    const batch = canGo ? { topic, partition, leader, records: [] } : undefined;
    batches.set(name, batch);
    return batch;
  }

  /** Keyless records go round the partitions. */
  #partitionFor(record: PendingRecord, count: number): number {
    if (record.key !== null) return partitionOf(record.key, count);
    this.#keyless += 1;
    return this.#keyless % count;
  }
}
