import type { LogReader } from '../chassis/kafka/log';
import type { Log } from '../chassis/log';
import { claimEpoch, writeMarkers, type AppendParts } from './append-epoch';
import type { ItemFollower } from '../schemas/follow-items';
import type { EpochFence } from './epoch-fence';
import { loadGeneration, type Progress } from './load-generation';
import type { AtStep, Memory, StockConnection } from './ports';
import { keepLease, type RebuildLease } from './rebuild-lease';

export interface ReconcileParts extends AppendParts {
  readonly reader: LogReader;
  readonly items: ItemFollower;
  readonly fence: EpochFence;
  readonly memory: Memory;
  /** Names this process in claims and in the lease. */
  readonly holder: string;
  readonly log: Log;
  readonly atStep: AtStep;
  readonly onProgress: (progress: Progress) => void;
  /** Aborts with an InfrastructureError when the rebuild is not to go on. */
  readonly signal: AbortSignal;
}

export type Reconciled =
  | { readonly kind: 'opened'; readonly epoch: number }
  /** Somebody else has taken the store or claimed a newer epoch; theirs will open. */
  | { readonly kind: 'outrun'; readonly epoch: number };

const sayEveryMs = 1_000;

/** Says how far the rebuild is, once a second at most. */
const progressReporter = (parts: ReconcileParts) => {
  let saidAtMs = parts.clock.nowMs();
  return (progress: Progress): void => {
    if (parts.clock.nowMs() - saidAtMs < sayEveryMs) return;
    saidAtMs = parts.clock.nowMs();
    parts.onProgress(progress);
    parts.log.info(`rebuilding the stock store: ${progress.read} of ${progress.total} outcomes`, {
      event: 'reconcile_progress',
      ...progress,
    });
  };
};

/**
 * Keys of dead generations only take memory, but where it is scarce the new one needs theirs: a load that ends at
 * `maxmemory` would leave two generations behind, and the next one would end sooner. A failure is left to the next time.
 */
const sweep = async ({ log }: ReconcileParts, connection: StockConnection, epoch: number): Promise<void> => {
  try {
    await connection.sweep(epoch);
  } catch (error) {
    log.warn('keys of older epochs are still in the stock store', { event: 'sweep_failed', error });
  }
};

const rebuild = async (
  parts: ReconcileParts & { readonly lease: RebuildLease },
  connection: StockConnection,
  runId: string,
  reason: string,
): Promise<Reconciled> => {
  const startedAtMs = parts.clock.nowMs();
  const epoch = await claimEpoch(parts, parts.holder, reason);
  parts.atStep('after-claim');
  if (!(await connection.close(epoch, runId))) return { kind: 'outrun', epoch };
  parts.atStep('after-close');
  const [markers] = await Promise.all([writeMarkers(parts, epoch), sweep(parts, connection, epoch)]);
  parts.atStep('after-markers');
  const say = progressReporter(parts);
  const onProgress = (progress: Progress): void => {
    parts.signal.throwIfAborted();
    parts.lease.progressed();
    say(progress);
  };
  const loaded = await loadGeneration({ ...parts, onProgress }, connection, epoch, markers);
  parts.atStep('after-load');
  if (loaded.kind === 'outrun') return { kind: 'outrun', epoch };
  /** An emptied store forgets that a newer generation had it; the log does not. */
  if ((await parts.fence.newestClaim()) !== epoch) return { kind: 'outrun', epoch };
  if (!(await connection.open(epoch, runId, loaded.opening))) return { kind: 'outrun', epoch };
  parts.atStep('after-open');
  parts.onProgress(loaded.progress);
  parts.log.info(`the stock store is open at epoch ${epoch}`, {
    event: 'epoch_opened',
    reason,
    duration_ms: Math.round(parts.clock.nowMs() - startedAtMs),
    ...loaded.progress,
  });
  return { kind: 'opened', epoch };
};

/**
 * Begins a new generation of the stock store from the log alone: claim its number, close the store, fence every
 * partition of the outcomes, sweep older generations away, fold, load, open. Two at once do no harm: the store belongs to the newer claim.
 * `runId` is that of the server at the other end of `connection`, whose lease the caller has just been given.
 * @throws InfrastructureError when the log or the store does not answer; call it again. What `signal` aborts with, soon
 * after it does, and the lease is free.
 */
export const reconcile = async (
  parts: ReconcileParts,
  connection: StockConnection,
  runId: string,
  reason: string,
): Promise<Reconciled> => {
  const { signal } = parts;
  const lease = keepLease(parts, connection);
  const atStep: AtStep = (step) => {
    signal.throwIfAborted();
    lease.progressed();
    parts.atStep(step);
  };
  const reader: LogReader = { read: (options) => parts.reader.read({ ...options, signal }) };
  try {
    return await rebuild({ ...parts, reader, atStep, lease }, connection, runId, reason);
  } finally {
    if (signal.aborted) await lease.release();
    else lease.stop();
  }
};
