import { setMaxListeners } from 'node:events';
import { backoffMs, pause } from '../deadline';
import type { KafkaLogger } from './connection';
import type { ConsumerTiming } from './consumer-timing';
import { FetchLoops } from './fetch-loops';
import type { Generation, GroupMember, Standing } from './group-member';
import { type FatalExitCode, type GroupConsumerOptions, InfrastructureError, type PartitionLag } from './log';
import { PartitionLane } from './partition-lane';
import { readEnds } from './ranges';
import { OffsetOutsideLogError, type StartPosition, StartPositions } from './start-positions';
import { tellUntoldLanes } from './untold-lanes';
import type { Cluster } from './wire/cluster';

export interface TenureContext {
  readonly cluster: Cluster;
  readonly member: GroupMember;
  readonly options: GroupConsumerOptions;
  readonly timing: ConsumerTiming;
  readonly logger: KafkaLogger;
  /** Handlers of earlier tenures that still run, by partition: the same partition waits for them. */
  readonly running: Map<string, Promise<void>>;
  readonly onFatal: (code: FatalExitCode, reason: Error) => void;
}

/** Why a tenure ended. After 'rebalancing' and 'stopped' the broker still takes a last commit. */
export type TenureEnd = 'rebalancing' | 'stopped' | 'evicted' | 'out of contact' | 'fatal';

const recordsMaxDefault = 500;
/** A lag is read by people and by a scrape every few seconds. */
const askEndsEveryMs = 1_000;

/**
 * The time between two rebalances in which this member holds its partitions: heartbeats, fetches, handlers and commits
 * under one generation. When it ends, for whatever reason, the handlers' signal aborts at once.
 */
export class Tenure {
  readonly #context: TenureContext;
  readonly #generation: Generation;
  readonly #lanes: readonly PartitionLane[];
  readonly #loops: FetchLoops;
  readonly #positions: StartPositions;
  readonly #over = new AbortController();
  #end: TenureEnd | undefined;
  #heardAtMs = performance.now();
  #beatAtMs = performance.now();
  #commitAtMs = performance.now();
  #tickAtMs = performance.now();
  #endsAtMs = performance.now();
  #beating = false;
  #askingEnds = false;
  #committing: Promise<void> | undefined;

  constructor(context: TenureContext, generation: Generation) {
    this.#context = context;
    this.#generation = generation;
    const { options, timing, logger } = context;
    // Each partition listens to it, and Node warns of a leak from the eleventh listener on.
    setMaxListeners(0, this.#over.signal);
    this.#lanes = generation.partitions.map(
      (place) =>
        new PartitionLane(place, {
          onRecords: options.onRecords,
          recordsMax: options.recordsMax ?? recordsMaxDefault,
          timing,
          logger,
          signal: this.#over.signal,
          isTrusted: () => this.#silentMs() < timing.fenceMs,
          onHungry: () => this.#loops.wake(),
          onBug: (error) => this.#fatal(70, error),
        }),
    );
    this.#positions = new StartPositions(context, generation.partitions, options.startAt);
    this.#loops = new FetchLoops(context.cluster, this.#lanes, this.#over.signal, {
      onOutOfRange: (error) => this.#fatal(71, error),
      onUnreadable: (error) => this.#fatal(70, error),
      onNewPartitions: () => this.end('rebalancing'),
    });
  }

  /** Resolves when the tenure is over, its handlers have ended or had their time, and what is done is committed. */
  async serve(): Promise<TenureEnd> {
    this.#tickAtMs = performance.now();
    const ticking = setInterval(() => this.#tick(), this.#context.timing.tickMs);
    const lanes = Promise.all(this.#lanes.map((lane) => this.#runLane(lane)));
    void this.#loops.run();
    await new Promise<void>((resolve) => {
      if (this.#over.signal.aborted) resolve();
      else this.#over.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await this.#settle(lanes);
    clearInterval(ticking);
    if (this.#end === 'rebalancing' || this.#end === 'stopped') await this.#commit();
    return this.#end ?? 'stopped';
  }

  /** Only the first reason counts. */
  end(reason: TenureEnd): void {
    this.#end ??= reason;
    this.#over.abort(new InfrastructureError(`the partitions are given up: ${this.#end}`));
  }

  lag(): readonly PartitionLag[] {
    return this.#lanes.map((lane) => lane.lag());
  }

  #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  #silentMs(): number {
    return performance.now() - this.#heardAtMs;
  }

  #fatal(code: FatalExitCode, reason: Error): void {
    this.end('fatal');
    this.#context.onFatal(code, reason);
  }

  /** Handlers that ignore the signal must not keep the group waiting. */
  async #settle(work: Promise<unknown>): Promise<void> {
    const late = new AbortController();
    await Promise.race([work, pause(this.#context.timing.revokeMs, late.signal)]);
    late.abort();
  }

  async #runLane(lane: PartitionLane): Promise<void> {
    const name = `${lane.topic}:${lane.partition}`;
    const { running } = this.#context;
    const before = running.get(name);
    const work = (async () => {
      await before;
      const start = await this.#findPosition(lane);
      if (start && !this.#isOver()) await lane.run(start.position, start.high);
    })();
    running.set(name, work);
    await work;
    if (running.get(name) === work) running.delete(name);
  }

  async #findPosition(lane: PartitionLane): Promise<StartPosition | undefined> {
    const { timing, logger } = this.#context;
    for (let attempt = 0; !this.#isOver(); attempt += 1) {
      try {
        return await this.#positions.of(lane);
      } catch (error) {
        if (this.#isOver()) return undefined;
        if (!(error instanceof InfrastructureError)) {
          this.#fatal(error instanceof OffsetOutsideLogError ? 71 : 70, error as Error);
          return undefined;
        }
        lane.noteProgress();
        logger.warn('no start position yet', { topic: lane.topic, partition: lane.partition, error });
        await pause(backoffMs(attempt, timing.backoffBaseMs, timing.backoffMaxMs), this.#over.signal);
      }
    }
    return undefined;
  }

  #tick(): void {
    if (this.#isOver()) return;
    const { timing } = this.#context;
    this.#forgiveStarvation();
    const stalled = this.#lanes.find((lane) => lane.isStalled());
    if (this.#silentMs() >= timing.fenceMs) this.end('out of contact');
    else if (stalled) {
      const place = `${stalled.topic}:${stalled.partition}`;
      this.#fatal(72, new Error(`${place} made no progress for ${timing.stallMs} ms`));
    } else {
      const nowMs = performance.now();
      if (nowMs - this.#beatAtMs >= timing.heartbeatMs && !this.#beating) void this.#beat();
      if (!this.#committing && this.#isCommitDue(nowMs)) void this.#commit();
      if (nowMs - this.#endsAtMs >= askEndsEveryMs && !this.#askingEnds) void this.#askEnds();
    }
  }

  /** A machine that gives the event loop no time must not pass for a stalled partition: 500 payments, exit code 72. */
  #forgiveStarvation(): void {
    const nowMs = performance.now();
    const lateMs = nowMs - this.#tickAtMs - this.#context.timing.tickMs;
    this.#tickAtMs = nowMs;
    if (lateMs > 0) for (const lane of this.#lanes) lane.forgive(lateMs);
  }

  async #beat(): Promise<void> {
    this.#beating = true;
    this.#beatAtMs = performance.now();
    const sentAtMs = this.#beatAtMs;
    await this.#stand('heartbeat', async () => {
      const standing = await this.#context.member.heartbeat(this.#generation);
      if (standing === 'member') this.#heardAtMs = sentAtMs;
      return standing;
    });
    this.#beating = false;
  }

  async #askEnds(): Promise<void> {
    this.#askingEnds = true;
    this.#endsAtMs = performance.now();
    try {
      await tellUntoldLanes(this.#lanes, (topic) => readEnds(this.#context.cluster, topic));
    } catch (error) {
      if (!this.#isOver()) this.#fatal(70, error as Error);
    }
    this.#askingEnds = false;
  }

  #isCommitDue(nowMs: number): boolean {
    let records = 0;
    for (const lane of this.#lanes) records += lane.uncommitted()?.records ?? 0;
    const { commitRecords, commitMs } = this.#context.timing;
    return records >= commitRecords || (records > 0 && nowMs - this.#commitAtMs >= commitMs);
  }

  /** One commit at a time, of each partition's contiguous prefix, under the generation that did the work. */
  async #commit(): Promise<void> {
    await this.#committing;
    const offsets = this.#lanes.flatMap((lane) => {
      const offset = lane.uncommitted()?.offset;
      return offset === undefined ? [] : [{ lane, topic: lane.topic, partition: lane.partition, offset }];
    });
    if (offsets.length === 0) return;
    this.#commitAtMs = performance.now();
    this.#committing = this.#stand('commit', async () => {
      const places = offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
      const standing = await this.#context.member.commit(this.#generation, places);
      if (standing === 'member') for (const { lane, offset } of offsets) lane.noteCommitted(offset);
      return standing;
    });
    await this.#committing;
    this.#committing = undefined;
  }

  /** Ends the tenure when the coordinator says so. A coordinator out of reach is the fence's business. */
  async #stand(what: string, ask: () => Promise<Standing>): Promise<void> {
    try {
      const standing = await ask();
      if (standing !== 'member') this.end(standing);
    } catch (error) {
      if (error instanceof InfrastructureError) this.#context.logger.warn(`${what} failed`, { error });
      else this.#fatal(70, error as Error);
    }
  }
}
