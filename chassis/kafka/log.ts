/**
 * The log as the rest of the project sees it: records with contiguous offsets per partition.
 * No kafkajs type crosses this border, so that another client can take its place.
 *
 * Offsets are plain numbers: they stay below 2^53, which one million records a second reach in 285 years.
 */

export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
  /** The broker's append time (`message.timestamp.type=LogAppendTime`), milliseconds since 1970. */
  readonly appendedAtMs: number;
}

export type RecordHeaders = Readonly<Record<string, Buffer | string | undefined>>;

export interface NewRecord {
  readonly topic: string;
  /** Explicit partition; without it the key decides (murmur2, as Java's and librdkafka's `murmur2_random` do). */
  readonly partition?: number;
  readonly key: string | Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders;
}

/** A place in the log. As text `topic:partition:offset`, see `formatPosition`. */
export interface LogPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * What became of a record that was sent.
 * `acked`: in the log, acknowledged by all in-sync replicas, verified for its own partition.
 * `rejected`: certainly not in the log (queue full, too large, refused by the broker, stopped). With `isFinal` it is the
 * record itself that is too large or not allowed, and sent again it is rejected again.
 * `unknown`: no answer in time; it may be in the log, or may still get there.
 */
export type SendOutcome =
  | {
      readonly kind: 'acked';
      readonly partition: number;
      readonly offset: number;
      readonly appendedAtMs: number;
    }
  | { readonly kind: 'rejected'; readonly error: Error; readonly isFinal?: true }
  | { readonly kind: 'unknown'; readonly error: Error };

export interface LogProducer {
  /** Never throws and never hangs: settles within the producer's deadline. */
  send(record: NewRecord): Promise<SendOutcome>;
  /** The outcomes in the order of the records. Records of one partition keep their order among themselves. */
  sendAll(records: readonly NewRecord[]): Promise<readonly SendOutcome[]>;
  /** How many records wait or are in flight; the bound is the producer's `queueMax`. */
  readonly queued: number;
  /** Sends what is queued (bounded by `timeoutMs`), then closes the connections. */
  stop(timeoutMs: number): Promise<void>;
}

/**
 * Handles consecutive records of one partition, oldest first, and returns how many of them, counted from the
 * first, are done for ever: only that contiguous prefix is committed; the rest is handed over again.
 * Throw `InfrastructureError` when something the record is not to blame for failed: the partition pauses with
 * backoff while the group membership is kept alive. Any other throw is a bug: the process exits (crash-only).
 * `signal` aborts when the partition may no longer be ours; stop starting effects and return what is done.
 * `noteProgress` restarts the watchdog's clock: called after a bounded wait that says nothing of the handler's own work.
 */
export type RecordsHandler = (
  records: readonly LogRecord[],
  signal: AbortSignal,
  noteProgress?: () => void,
) => Promise<number>;

export interface GroupConsumerOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly onRecords: RecordsHandler;
  /** Most records handed over in one call; smaller shortens the time to react to a rebalance. Default 500. */
  readonly recordsMax?: number;
  /**
   * Where to start for a partition just assigned, when the position is kept beside the data (the projector's
   * offsets row, the stock fence in Redis) and not in Kafka's committed offsets. `undefined` = the committed one.
   */
  readonly startAt?: (topic: string, partition: number) => Promise<number | undefined>;
  /** Called once, when this process can no longer be trusted to consume; the process must exit with `code`. */
  readonly onFatal: (code: FatalExitCode, reason: Error) => void;
}

/** 70 the client crashed, 71 the committed offset is outside the log, 72 assigned but no progress. */
export type FatalExitCode = 70 | 71 | 72;

export interface GroupConsumer {
  /** Resolves once the group is joined. */
  start(): Promise<void>;
  /** Leaves the group; safe at any time, also while joining. */
  stop(): Promise<void>;
  /** Partitions now assigned, with the lag of each in records and in milliseconds. */
  lag(): readonly PartitionLag[];
}

export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
  /**
   * Now minus the append time of the oldest record not yet done, or how long we have known of it while it cannot be
   * fetched; 0 when nothing waits.
   */
  readonly milliseconds: number;
}

export interface PartitionRange {
  readonly partition: number;
  /** First offset still in the log. */
  readonly low: number;
  /** Offset that the next record will get. */
  readonly high: number;
}

/** Reads a bounded piece of a topic without joining anybody's group. */
export interface LogReader {
  /**
   * Reads every partition from `from` (absent: the low end) up to, not including, `to` (absent: the high end when
   * the call began), in offset order within a partition, and checks that no offset is missing.
   * Throws `InfrastructureError` when there is no progress for `stallMs` (default 15 s).
   */
  read(options: {
    readonly topic: string;
    readonly from?: ReadonlyMap<number, number>;
    readonly to?: ReadonlyMap<number, number>;
    readonly onRecords: (records: readonly LogRecord[]) => void | Promise<void>;
    /** False: `onRecords` looks at no header and need not get any; they are half of what a record costs to read. */
    readonly withHeaders?: boolean;
    readonly stallMs?: number;
    readonly signal?: AbortSignal;
  }): Promise<ReadonlyMap<number, number>>;
}

export interface TopicSettings {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

export interface LogAdmin {
  ranges(topic: string): Promise<readonly PartitionRange[]>;
  /** The offset that the next record will get, by partition; one question to each leader, where `ranges` is two. */
  ends(topic: string): Promise<readonly number[]>;
  /** Creates what is missing; never changes what exists. */
  createTopics(topics: readonly TopicSettings[], replicationFactor: number): Promise<readonly string[]>;
  /** What differs from the wanted settings, in plain words, empty when nothing does. */
  differences(topics: readonly TopicSettings[]): Promise<readonly string[]>;
  /** A round trip to the cluster, for health checks; throws when there is none within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Trouble outside the message: retry later, never a dead letter. */
export class InfrastructureError extends Error {
  override readonly name = 'InfrastructureError';
}

/** `topic:partition:offset`; a topic name holds no colon (Kafka allows `[a-zA-Z0-9._-]`). */
export const formatPosition = (position: LogPosition): string =>
  `${position.topic}:${position.partition}:${position.offset}`;

export const parsePosition = (text: string): LogPosition | undefined => {
  const match = /^([a-zA-Z0-9._-]{1,249}):(\d{1,6}):(\d{1,15})$/.exec(text);
  if (!match) return undefined;
  return { topic: match[1] ?? '', partition: Number(match[2]), offset: Number(match[3]) };
};
