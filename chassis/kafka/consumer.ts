import { backoffMs, pause, withDeadline } from '../deadline';
import type { KafkaConnection } from './connection';
import { type ConsumerTiming, defaultTiming } from './consumer-timing';
import { type Generation, GroupMember } from './group-member';
import {
  type FatalExitCode,
  type GroupConsumer,
  type GroupConsumerOptions,
  InfrastructureError,
  type PartitionLag,
} from './log';
import { Tenure } from './tenure';
import { Cluster } from './wire/cluster';

interface Joined {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const joinBackoffBaseMs = 100;
const joinBackoffMaxMs = 2_000;

const openPromise = (): Joined => {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
};

/** Joins, serves a tenure, joins again, until it is stopped or can no longer be trusted. */
class CrashOnlyConsumer implements GroupConsumer {
  readonly #connection: KafkaConnection;
  readonly #options: GroupConsumerOptions;
  readonly #timing: ConsumerTiming;
  readonly #cluster: Cluster;
  readonly #member: GroupMember;
  readonly #running = new Map<string, Promise<void>>();
  readonly #over = new AbortController();
  readonly #joined = openPromise();
  #tenure: Tenure | undefined;
  #work: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #isFatal = false;

  constructor(connection: KafkaConnection, options: GroupConsumerOptions, timing: ConsumerTiming) {
    this.#connection = connection;
    this.#options = options;
    this.#timing = timing;
    this.#cluster = new Cluster(connection);
    this.#member = new GroupMember(this.#cluster, options.groupId, options.topics, timing);
  }

  start(): Promise<void> {
    if (!this.#isOver()) this.#work ??= this.#run();
    return this.#joined.promise;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  lag(): readonly PartitionLag[] {
    return this.#tenure?.lag() ?? [];
  }

  #isOver(): boolean {
    return this.#over.signal.aborted;
  }

  async #stop(): Promise<void> {
    this.#over.abort();
    this.#joined.reject(new InfrastructureError(`the consumer of ${this.#options.groupId} was stopped`));
    const tenure = this.#tenure;
    if (tenure) tenure.end('stopped');
    else this.#cluster.close();
    try {
      await withDeadline(this.#work ?? Promise.resolve(), this.#timing.stopMs, 'stopping the consumer');
    } catch (error) {
      this.#connection.logger.warn('the consumer did not stop in time', { error });
    }
    this.#cluster.close();
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isOver()) {
      failures = (await this.#serveOnce()) ? 0 : failures + 1;
      if (failures === 0 || this.#isOver()) continue;
      await pause(50 + backoffMs(failures, joinBackoffBaseMs, joinBackoffMaxMs), this.#over.signal);
    }
    await this.#leave();
    this.#cluster.close();
  }

  /** False when the group could not be joined as things are. */
  async #serveOnce(): Promise<boolean> {
    try {
      const generation = await this.#member.join();
      if (!this.#isOver()) await this.#serve(generation);
      return true;
    } catch (error) {
      if (this.#isOver()) return true;
      if (error instanceof InfrastructureError) {
        const group = this.#options.groupId;
        this.#connection.logger.warn('cannot join the group yet', { group, error });
      } else this.#fatal(70, error as Error);
      return false;
    }
  }

  async #serve(generation: Generation): Promise<void> {
    const { groupId } = this.#options;
    const { generationId, partitions } = generation;
    this.#connection.logger.info('joined the group', {
      group: groupId,
      generationId,
      partitions: partitions.length,
    });
    this.#tenure = new Tenure(
      {
        cluster: this.#cluster,
        member: this.#member,
        options: this.#options,
        timing: this.#timing,
        logger: this.#connection.logger,
        running: this.#running,
        onFatal: (code, reason) => this.#fatal(code, reason),
      },
      generation,
    );
    this.#joined.resolve();
    const end = await this.#tenure.serve();
    this.#tenure = undefined;
    this.#connection.logger.info('gave up the partitions', { group: groupId, generationId, reason: end });
  }

  async #leave(): Promise<void> {
    try {
      await this.#member.leave();
    } catch (error) {
      this.#connection.logger.warn('could not leave the group; it waits for the session to end', { error });
    }
  }

  #fatal(code: FatalExitCode, reason: Error): void {
    if (this.#isFatal) return;
    this.#isFatal = true;
    this.#connection.logger.error('the consumer cannot go on', { code, error: reason });
    this.#over.abort();
    this.#tenure?.end('fatal');
    this.#joined.reject(reason);
    this.#options.onFatal(code, reason);
  }
}

/**
 * A member of a consumer group as `GroupConsumerOptions` describes it. Brokers that are away are waited for, however
 * long it takes; a bug, records that are gone and a stall are reported once to `onFatal`, and nothing is consumed
 * after that. `start` rejects when the consumer was stopped or failed before it joined.
 */
export const createGroupConsumer = (
  connection: KafkaConnection,
  options: GroupConsumerOptions,
  timing: Partial<ConsumerTiming> = {},
): GroupConsumer => new CrashOnlyConsumer(connection, options, { ...defaultTiming, ...timing });
