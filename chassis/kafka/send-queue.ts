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
  #inFlight: readonly PendingRecord[] = [];
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
    const flying = this.#inFlight.find((record) => !record.settled);
    const waiting = this.#waiting[0];
    if (flying === undefined || waiting === undefined) return flying ?? waiting;
    return waiting.deadlineAtMs < flying.deadlineAtMs ? waiting : flying;
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
   * The oldest records that fit into one request, by partition, at least one if any can go. Records of a topic or
   * partition without a known leader stay, in their order.
   */
  take(leadersOf: (topic: string) => Leaders | undefined, limits: BatchLimits): readonly PendingBatch[] {
    const batches = new Map<string, PendingBatch>();
    const kept: PendingRecord[] = [];
    const taken: PendingRecord[] = [];
    let bytes = 0;
    let index = 0;
    for (; index < this.#waiting.length && taken.length < limits.recordsMax; index += 1) {
      const record = this.#waiting[index];
      if (record === undefined) break;
      if (taken.length > 0 && bytes + record.bytes > limits.bytesMax) break;
      if (this.#place(record, leadersOf(record.topic), batches)) {
        taken.push(record);
        bytes += record.bytes;
      } else kept.push(record);
    }
    this.#waiting = kept.concat(this.#waiting.slice(index));
    this.#inFlight = taken;
    return [...batches.values()];
  }

  /**
   * Puts those that are to be sent again back in their old order; the others have their outcome. What waits without a
   * leader may be older: behind younger records its deadline would not be seen until theirs.
   */
  giveBack(): void {
    const again = this.#inFlight.filter((record) => !record.settled);
    this.#inFlight = [];
    if (again.length > 0) this.#waiting = byAge(again, this.#waiting);
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
    for (const record of this.#inFlight) {
      if (record.deadlineAtMs > nowMs) break;
      this.#giveUp(record, true, reason);
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

  #place(record: PendingRecord, leaders: Leaders | undefined, batches: Map<string, PendingBatch>): boolean {
    if (leaders === undefined) return false;
    record.partition ??= this.#partitionFor(record, leaders.length);
    const leader = leaders[record.partition];
    if (leader === undefined) {
      record.lastError ??= new Error(`${record.topic}:${record.partition} has no leader`);
      return false;
    }
    const name = `${record.topic}:${record.partition}`;
    const batch = batches.get(name);
    if (batch) batch.records.push(record);
    else batches.set(name, { topic: record.topic, partition: record.partition, leader, records: [record] });
    return true;
  }

  /** Keyless records go round the partitions. */
  #partitionFor(record: PendingRecord, count: number): number {
    if (record.key !== null) return partitionOf(record.key, count);
    this.#keyless += 1;
    return this.#keyless % count;
  }
}
