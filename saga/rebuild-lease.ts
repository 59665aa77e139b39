import { InfrastructureError } from '../chassis/kafka/log';
import type { Clock, StockConnection } from './ports';

/** A process that dies while it rebuilds holds the others up for this long. */
export const leaseMs = 3_000;
/** One renewal may fail, after the 1 s that a command may take, and the next one still comes in time. */
const renewEveryMs = 500;
/** The shortest that the store knows. */
const releaseMs = 1;
/** Longer than a read of the log may stand still (15 s): a rebuild that hangs on something else gives way to others. */
export const stallMaxMs = 20_000;

export interface RebuildLease {
  /** The rebuild has come further. */
  progressed(): void;
  /** Renews no more; what is left of the lease runs out. */
  stop(): void;
  /** Renews no more, and somebody else may begin at once. */
  release(): Promise<void>;
}

interface LeaseParts {
  readonly clock: Clock;
  /** Names this process in the lease. */
  readonly holder: string;
}

/** True when somebody else has it. An answer that does not come is left to the next time, as the rebuild meets it too. */
const isTaken = async (connection: StockConnection, holder: string, forMs = leaseMs): Promise<boolean> => {
  try {
    return !(await connection.lease(holder, forMs));
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    return false;
  }
};

/**
 * Renews the lease of a rebuild on a timer for as long as the rebuild is alive, however long one step of it takes on
 * a busy machine: if only progress renewed it, another process would overtake a rebuild that is merely slow, and begin
 * from nothing. Without progress for `stallMaxMs` it is not renewed.
 */
export const keepLease = ({ clock, holder }: LeaseParts, connection: StockConnection): RebuildLease => {
  const over = new AbortController();
  let progressAtMs = clock.nowMs();
  const keep = async (): Promise<void> => {
    for (;;) {
      await clock.pause(renewEveryMs, over.signal);
      if (over.signal.aborted) return;
      const isStalled = clock.nowMs() - progressAtMs > stallMaxMs;
      if (!isStalled && (await isTaken(connection, holder))) return;
    }
  };
  void keep();
  return {
    progressed: () => {
      progressAtMs = clock.nowMs();
    },
    stop: () => over.abort(),
    release: async () => {
      over.abort();
      await isTaken(connection, holder, releaseMs);
    },
  };
};
