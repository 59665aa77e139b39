import { pause } from '../deadline';
import type { KafkaConnection } from './connection';
import type { LogProducer, NewRecord, SendOutcome } from './log';
import { PausedPartitions } from './paused-partitions';
import { attemptProduce, byLeader } from './produce-attempt';
import type { Verdict } from './produce-verdict';
import { RequestPace } from './request-pace';
import { type Openings, partitionName, type PendingBatch, SendQueue } from './send-queue';
import { Cluster } from './wire/cluster';
import { estimateBytes } from './wire/record-batch-writer';

export interface LogProducerOptions {
  /**
   * From the begin of a request to the begin of the next, at least, unless there is `company`. A record that comes alone
   * goes at once. Default 3.
   */
  readonly everyMs?: number;
  /** As many waiting records as are worth a request at once, at this moment. Default 64. */
  readonly company?: () => number;
  /** Most records in one request. Default 2,000. */
  readonly batchRecordsMax?: number;
  /** Most bytes in one request; below the 1 MiB that a broker allows one batch. Default 768 KiB. */
  readonly batchBytesMax?: number;
  /** Most records without an outcome; more are rejected at once. Default 20,000. */
  readonly queueMax?: number;
  /** Most bytes without an outcome. Default 64 MiB. */
  readonly queueBytesMax?: number;
  /** A larger record is rejected. Default 1,000,000: what a topic takes by default, less its framing and headers. */
  readonly recordBytesMax?: number;
  /** Time from `send` to the outcome, at most. One attempt gets half of it, so that a lost answer allows another. Default 3 s. */
  readonly deadlineMs?: number;
}

/** As often what waits is looked at again when nothing else says so: a partition without a leader may have one. */
const lookAgainMs = 100;

export const producerDefaults: Required<LogProducerOptions> = {
  everyMs: 3,
  company: () => 64,
  batchRecordsMax: 2_000,
  batchBytesMax: 768 * 1024,
  queueMax: 20_000,
  queueBytesMax: 64 * 1024 * 1024,
  recordBytesMax: 1_000_000,
  deadlineMs: 3_000,
};

/**
 * acks=all, not idempotent, one request in flight to each leader: overlapping requests could not be told apart after a
 * lost answer. A batch whose fate is unclear is sent again while its records' deadline lasts, so a fault may write a
 * record twice; readers fold duplicates away. Records keep their order within a partition, duplicates aside. A partition
 * that fails, and a leader that does not answer, hold up nobody but themselves.
 */
export class BatchingProducer implements LogProducer {
  readonly #options: Required<LogProducerOptions>;
  readonly #cluster: Cluster;
  readonly #queue = new SendQueue();
  readonly #stopped = new AbortController();
  #batchBytes: number;
  #stopping = false;
  #pumping = false;
  readonly #pace: RequestPace;
  readonly #openings: Openings;
  readonly #paused = new PausedPartitions();
  readonly #busyLeaders = new Set<number>();
  readonly #learning = new Set<string>();
  #deadlineTimer: NodeJS.Timeout | undefined;
  #againTimer: NodeJS.Timeout | undefined;
  #onDrained: (() => void) | undefined;

  constructor(cluster: Cluster, options: Required<LogProducerOptions>) {
    this.#cluster = cluster;
    this.#options = options;
    this.#batchBytes = options.batchBytesMax;
    this.#pace = new RequestPace(options.everyMs);
    this.#openings = {
      leadersOf: (topic) => cluster.knownLeaders(topic),
      isOpen: (name, leader) =>
        !this.#busyLeaders.has(leader) && !this.#paused.isPaused(name, performance.now()),
    };
  }

  get queued(): number {
    return this.#queue.records;
  }

  send(record: NewRecord): Promise<SendOutcome> {
    return new Promise((resolve) => {
      this.#add(record, performance.now(), resolve);
      this.#schedule();
    });
  }

  sendAll(records: readonly NewRecord[]): Promise<readonly SendOutcome[]> {
    if (records.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => {
      const outcomes = new Array<SendOutcome>(records.length);
      let left = records.length;
      const nowMs = performance.now();
      records.forEach((record, index) => {
        this.#add(record, nowMs, (outcome) => {
          outcomes[index] = outcome;
          left -= 1;
          if (left === 0) resolve(outcomes);
        });
      });
      this.#schedule();
    });
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#queue.records > 0) {
      const drained = new Promise<void>((resolve) => (this.#onDrained = resolve));
      this.#pace.hurry();
      const late = new AbortController();
      await Promise.race([drained, pause(timeoutMs, late.signal)]);
      late.abort();
    }
    this.#stopped.abort();
    this.#queue.expire(Number.POSITIVE_INFINITY, 'the producer was stopped');
    clearTimeout(this.#deadlineTimer);
    clearTimeout(this.#againTimer);
    this.#cluster.close();
  }

  #add(record: NewRecord, nowMs: number, settle: (outcome: SendOutcome) => void): void {
    const bytes = estimateBytes(record);
    const { recordBytesMax, deadlineMs } = this.#options;
    const refusal = this.#refusal(bytes);
    if (refusal !== undefined) settle({ kind: 'rejected', error: new Error(refusal) });
    else if (bytes > recordBytesMax) {
      const error = new Error(`the record has ${bytes} bytes, ${recordBytesMax} are allowed`);
      settle({ kind: 'rejected', error, isFinal: true });
    } else this.#queue.add(record, { bytes, nowMs, deadlineMs }, settle);
  }

  #refusal(bytes: number): string | undefined {
    if (this.#stopping) return 'the producer is stopped';
    const isFull =
      this.#queue.records >= this.#options.queueMax ||
      this.#queue.bytes + bytes > this.#options.queueBytesMax;
    return isFull ? 'the send queue is full' : undefined;
  }

  #schedule(): void {
    if (this.#queue.records === 0) {
      this.#onDrained?.();
      return;
    }
    this.#watchDeadline();
    if (this.#hasCompany()) this.#pace.hurry();
    const allBusy = this.#busyLeaders.size > 0 && this.#busyLeaders.size >= this.#cluster.brokers;
    if (!this.#pumping && !allBusy && this.#queue.waiting > 0) void this.#pump();
  }

  #hasCompany(): boolean {
    return this.#queue.waiting >= this.#options.company() || this.#queue.bytes >= this.#batchBytes;
  }

  /** When it is time: a request to each leader that has none in flight and for which something waits. */
  async #pump(): Promise<void> {
    this.#pumping = true;
    await this.#pace.turn(this.#stopping || this.#hasCompany());
    this.#pumping = false;
    if (this.#stopped.signal.aborted) return;
    for (const topic of this.#queue.topics()) void this.#learnLeaders(topic);
    const limits = { recordsMax: this.#options.batchRecordsMax, bytesMax: this.#batchBytes };
    const batches = this.#queue.take(this.#openings, limits);
    if (batches.length > 0) this.#pace.noteBegin();
    for (const [leader, ofLeader] of byLeader(batches)) void this.#request(leader, ofLeader);
    if (this.#queue.waiting > 0) this.#lookAgain();
  }

  async #request(leader: number, batches: readonly PendingBatch[]): Promise<void> {
    this.#busyLeaders.add(leader);
    const sentAtMs = Date.now();
    const verdicts = await attemptProduce(this.#cluster, leader, batches);
    this.#busyLeaders.delete(leader);
    let allAcked = true;
    for (const [batch, verdict] of verdicts) {
      this.#apply(batch, verdict, sentAtMs);
      const name = partitionName(batch.topic, batch.partition);
      if (verdict.kind === 'again') this.#paused.noteFailure(name, performance.now());
      else this.#paused.noteSuccess(name);
      if (verdict.kind !== 'acked') allAcked = false;
    }
    this.#queue.giveBack(batches);
    if (allAcked) this.#batchBytes = Math.min(this.#options.batchBytesMax, this.#batchBytes * 2);
    this.#schedule();
  }

  /** In the background: those whose leaders are known do not wait for an answer about others. */
  async #learnLeaders(topic: string): Promise<void> {
    if (this.#learning.has(topic)) return;
    this.#learning.add(topic);
    const known = this.#cluster.knownLeaders(topic);
    try {
      if ((await this.#cluster.leaders(topic)) !== known) this.#schedule();
    } catch (error) {
      const oldest = this.#queue.oldest();
      if (oldest && error instanceof Error) oldest.lastError ??= error;
    } finally {
      this.#learning.delete(topic);
    }
  }

  /** For what waits without a leader or in a pause; the end of a request looks by itself. */
  #lookAgain(): void {
    clearTimeout(this.#againTimer);
    const delayMs = Math.min(this.#paused.nextEndMs(performance.now()) ?? lookAgainMs, lookAgainMs);
    this.#againTimer = setTimeout(() => this.#schedule(), Math.ceil(delayMs));
  }

  #apply(batch: PendingBatch, verdict: Verdict, sentAtMs: number): void {
    switch (verdict.kind) {
      case 'acked': {
        const appendedAtMs = verdict.appendedAtMs >= 0 ? verdict.appendedAtMs : sentAtMs;
        batch.records.forEach((record, index) => {
          const offset = verdict.baseOffset + index;
          this.#queue.settle(record, { kind: 'acked', partition: batch.partition, offset, appendedAtMs });
        });
        return;
      }
      case 'refused':
        for (const record of batch.records) {
          this.#queue.settle(record, { kind: 'rejected', error: verdict.error, isFinal: true });
        }
        return;
      case 'too-large':
        this.#splitOrReject(batch, verdict.error);
        return;
      case 'again':
        for (const record of batch.records) {
          record.maybeWritten ||= verdict.maybeWritten;
          record.lastError = verdict.error;
        }
    }
  }

  #splitOrReject(batch: PendingBatch, error: Error): void {
    const [only] = batch.records;
    if (only && batch.records.length === 1) {
      this.#queue.settle(only, { kind: 'rejected', error, isFinal: true });
    } else this.#batchBytes = Math.max(1, Math.floor(this.#batchBytes / 4));
  }

  /** One timer, for the record whose deadline comes first. */
  #watchDeadline(): void {
    if (this.#deadlineTimer !== undefined) return;
    const oldest = this.#queue.oldest();
    if (oldest === undefined) return;
    const leftMs = Math.max(1, oldest.deadlineAtMs - performance.now());
    this.#deadlineTimer = setTimeout(() => {
      this.#deadlineTimer = undefined;
      this.#queue.expire(performance.now() + 1, `no acknowledgement within ${this.#options.deadlineMs} ms`);
      this.#watchDeadline();
      if (this.#queue.records === 0) this.#onDrained?.();
    }, leftMs);
  }
}

/**
 * A producer that connects when it can: with no broker in reach it is returned all the same, rejects what it cannot
 * send within the deadline, and works as soon as a broker answers.
 */
export const createLogProducer = async (
  connection: KafkaConnection,
  options: LogProducerOptions = {},
): Promise<LogProducer> => {
  const settings = { ...producerDefaults, ...options };
  const attemptMs = Math.floor(settings.deadlineMs / 2);
  const cluster = new Cluster({
    ...connection,
    connectTimeoutMs: Math.min(connection.connectTimeoutMs, attemptMs),
    requestTimeoutMs: Math.min(connection.requestTimeoutMs, attemptMs),
  });
  try {
    await cluster.any();
  } catch (error) {
    connection.logger.warn('Kafka is not in reach; the producer keeps trying', { error });
  }
  return new BatchingProducer(cluster, settings);
};
