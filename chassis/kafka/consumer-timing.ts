/**
 * The clock of a group member. Each number is bounded from both sides by others, so they stand together.
 */
export interface ConsumerTiming {
  /** A member that is killed is noticed after this long; shorter and a long garbage collection evicts. */
  readonly sessionTimeoutMs: number;
  /** Ten beats a session, so that lost ones do not matter. */
  readonly heartbeatMs: number;
  /**
   * Without a good heartbeat for this long the member trusts itself no more: handlers are told to stop well before
   * the broker gives the partitions to somebody else.
   */
  readonly fenceMs: number;
  /** How long the broker waits for every member to come back when the group changes. */
  readonly rebalanceTimeoutMs: number;
  /** Handlers get this long to return what is done before the partitions are given up; must fit into the session. */
  readonly revokeMs: number;
  /** Commit at least this often while there is something to commit. */
  readonly commitMs: number;
  /** Commit at the next tick when so many records are done. */
  readonly commitRecords: number;
  /** A partition with work and no progress for this long ends the process (72). */
  readonly stallMs: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  /** A stop takes no longer than this. */
  readonly stopMs: number;
  /** One timer serves heartbeats, commits, the fence and the watchdog. */
  readonly tickMs: number;
}

export const defaultTiming: ConsumerTiming = {
  sessionTimeoutMs: 10_000,
  heartbeatMs: 1_000,
  fenceMs: 6_000,
  rebalanceTimeoutMs: 15_000,
  revokeMs: 5_000,
  commitMs: 1_000,
  commitRecords: 200,
  stallMs: 15_000,
  backoffBaseMs: 100,
  backoffMaxMs: 5_000,
  stopMs: 8_000,
  tickMs: 200,
};
