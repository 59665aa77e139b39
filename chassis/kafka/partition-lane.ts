import { backoffMs, pause } from '../deadline';
import type { KafkaLogger } from './connection';
import type { ConsumerTiming } from './consumer-timing';
import { LastingTrouble } from './lasting-trouble';
import { InfrastructureError, type LogRecord, type PartitionLag, type RecordsHandler } from './log';
import type { FetchPlace } from './wire/fetch-request';

/** What a lane needs from the tenure it belongs to. */
export interface LaneContext {
  readonly onRecords: RecordsHandler;
  readonly recordsMax: number;
  readonly timing: ConsumerTiming;
  readonly logger: KafkaLogger;
  /** Aborts when the partition may no longer be ours. */
  readonly signal: AbortSignal;
  /** False as soon as the session may be over, even before a timer could abort the signal. */
  readonly isTrusted: () => boolean;
  /** There is room for more records. */
  readonly onHungry: () => void;
  /** A bug: a handler threw something else than InfrastructureError, or returned nonsense. */
  readonly onBug: (error: Error) => void;
}

/** A fetch is answered within half a second, with or without records. */
const unheardAfterMs = 3_000;
/** Records in memory per partition, so that a fetch is under way while the handler works. */
const bufferBytesMax = 1024 * 1024;
const recordOverheadBytes = 200;

const bytesOf = (record: LogRecord): number =>
  recordOverheadBytes + (record.key?.length ?? 0) + (record.value?.length ?? 0);

/**
 * One partition for one tenure: fetched records wait here, and one handler call at a time takes them, oldest first.
 * Partitions do not wait for each other: a handler that backs off or hangs holds up its own lane only, while fetches
 * for the others and the heartbeats go on.
 */
export class PartitionLane {
  readonly topic: string;
  readonly partition: number;
  readonly #context: LaneContext;
  readonly #trouble: LastingTrouble;
  #records: LogRecord[] = [];
  #taken = 0;
  #bytes = 0;
  #fetchFrom: number | undefined;
  #done = 0;
  #committed = 0;
  #high = 0;
  #heardAtMs = performance.now();
  /** Since when the log is known to hold a record that should be here and is not. */
  #missingSinceMs: number | undefined;
  #progressAtMs = performance.now();
  #failures = 0;
  #arrived: (() => void) | undefined;

  constructor(place: { readonly topic: string; readonly partition: number }, context: LaneContext) {
    this.topic = place.topic;
    this.partition = place.partition;
    this.#context = context;
    const { topic, partition } = place;
    this.#trouble = new LastingTrouble(context.logger, 'partition waits for infrastructure', {
      topic,
      partition,
    });
  }

  /** Handles records from `position` on until the tenure ends; resolves when no handler runs any more. */
  async run(position: number, high: number): Promise<void> {
    this.#fetchFrom = this.#done = this.#committed = position;
    this.#heardAtMs = performance.now();
    this.noteProgress();
    this.noteEnd(high);
    this.#context.onHungry();
    const { signal } = this.#context;
    while (!signal.aborted) {
      const slice = this.#records.slice(this.#taken, this.#taken + this.#context.recordsMax);
      if (slice.length === 0) await this.#arrival();
      else if (this.#context.isTrusted()) await this.#handle(slice);
      else await pause(this.#context.timing.tickMs, signal);
    }
  }

  /** Where the next fetch goes on; undefined while there is no room or no position yet. */
  wanted(): FetchPlace | undefined {
    if (this.#fetchFrom === undefined || this.isFull) return undefined;
    return { topic: this.topic, partition: this.partition, fromOffset: this.#fetchFrom };
  }

  get isFull(): boolean {
    return this.#bytes >= bufferBytesMax || this.#waiting >= this.#context.recordsMax * 4;
  }

  /** No fetch says where the log ends. */
  get isUntold(): boolean {
    if (this.#fetchFrom === undefined) return false;
    return this.isFull || performance.now() - this.#heardAtMs > unheardAfterMs;
  }

  get isBackingOff(): boolean {
    return this.#failures > 0;
  }

  /** Records fetched from `wanted()`; `high` is the offset that the next record of the partition will get. */
  accept(records: LogRecord[], high: number): void {
    this.#heardAtMs = performance.now();
    this.noteEnd(high);
    const last = records.at(-1);
    if (last === undefined || this.#context.signal.aborted) return;
    if (this.#waiting === 0) this.noteProgress();
    this.#records = this.#waiting === 0 ? records : this.#records.slice(this.#taken).concat(records);
    this.#taken = 0;
    for (const record of records) this.#bytes += bytesOf(record);
    this.#fetchFrom = last.offset + 1;
    this.#checkMissing();
    this.#arrived?.();
  }

  /** Offset that the next record of the partition will get, as far as we have heard. */
  noteEnd(offset: number): void {
    this.#high = Math.max(this.#high, offset);
    this.#checkMissing();
  }

  /** The brokers do not say where the log ends either: what is not here is not a stall but an outage, and waited for. */
  noteUnreachable(): void {
    if (this.#waiting === 0) this.noteProgress();
  }

  /** Restarts the watchdog's clock. */
  noteProgress(): void {
    this.#progressAtMs = performance.now();
  }

  /** The process itself stood still for so long: not the partition's fault, so the watchdog's clock stood still too. */
  forgive(milliseconds: number): void {
    this.#progressAtMs += milliseconds;
  }

  /** True when there is work and none of it got done for `stallMs`, or even came; backing off is not a stall. */
  isStalled(): boolean {
    const hasWork = this.#fetchFrom === undefined || this.#waiting > 0 || this.#missingSinceMs !== undefined;
    return hasWork && performance.now() - this.#progressAtMs > this.#context.timing.stallMs;
  }

  /** The offset to commit, when it is ahead of the committed one. */
  uncommitted(): { readonly offset: number; readonly records: number } | undefined {
    const records = this.#done - this.#committed;
    return records > 0 ? { offset: this.#done, records } : undefined;
  }

  noteCommitted(offset: number): void {
    this.#committed = Math.max(this.#committed, offset);
  }

  lag(): PartitionLag {
    const oldest = this.#records[this.#taken];
    const missingMs = this.#missingSinceMs === undefined ? 0 : performance.now() - this.#missingSinceMs;
    return {
      topic: this.topic,
      partition: this.partition,
      records: this.#fetchFrom === undefined ? 0 : Math.max(0, this.#high - this.#done),
      milliseconds: oldest === undefined ? missingMs : Math.max(0, Date.now() - oldest.appendedAtMs),
    };
  }

  /** Records here that are not done. */
  get #waiting(): number {
    return this.#records.length - this.#taken;
  }

  #checkMissing(): void {
    const isMissing = this.#waiting === 0 && this.#fetchFrom !== undefined && this.#high > this.#fetchFrom;
    if (!isMissing) this.#missingSinceMs = undefined;
    else if (this.#missingSinceMs === undefined) {
      this.#missingSinceMs = performance.now();
      this.noteProgress();
    }
  }

  async #handle(slice: readonly LogRecord[]): Promise<void> {
    const { signal, onRecords, onBug } = this.#context;
    try {
      const done = await onRecords(slice, signal, () => this.noteProgress());
      const isPossible = Number.isInteger(done) && done >= 0 && done <= slice.length;
      if (isPossible) await this.#finish(slice, done);
      else onBug(new Error(`the handler returned ${done} for ${slice.length} records`));
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof InfrastructureError) await this.#backOff(error);
      else onBug(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #finish(slice: readonly LogRecord[], done: number): Promise<void> {
    if (done === 0) return this.#backOff(undefined);
    this.#failures = 0;
    this.#trouble.over();
    this.#taken += done;
    this.#done += done;
    for (let index = 0; index < done; index += 1) {
      const record = slice[index];
      if (record) this.#bytes -= bytesOf(record);
    }
    if (this.#taken === this.#records.length) {
      this.#records = [];
      this.#taken = 0;
    }
    this.#checkMissing();
    this.noteProgress();
    this.#context.onHungry();
  }

  /** `undefined` when the handler did nothing without saying why: that is retried too, but counts as a stall. */
  async #backOff(error: InfrastructureError | undefined): Promise<void> {
    const { timing, signal } = this.#context;
    if (error) {
      this.noteProgress();
      this.#trouble.note(error, { offset: this.#done });
    }
    this.#failures += 1;
    const waitMs =
      timing.backoffBaseMs / 2 + backoffMs(this.#failures, timing.backoffBaseMs, timing.backoffMaxMs);
    await pause(waitMs, signal);
    if (error) this.noteProgress();
  }

  async #arrival(): Promise<void> {
    const { signal } = this.#context;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#arrived = undefined;
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#arrived = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
