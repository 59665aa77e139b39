import type { Pool } from 'pg';
import type { HealthMonitor } from '../chassis/health';
import { topics } from '../schemas/topics';
import { ConsoleHub } from './console-hub';
import { takePipeline, type PipelineSources } from './console-pipeline';
import { takeSnapshot, type SnapshotSources } from './console-snapshot';
import { listBusiestItems } from './item-queries';
import { readLetterFigures } from './letter-figures';
import { paced } from './paced';
import type { Reading } from './open-reading';
import { readSaleTotals } from './sale-totals';
import { watchProcesses, type ProcessAddresses } from './watch-processes';

/** People who look at one process's console at once. */
const watchersMax = 100;
/** More items than a person looks at. */
const itemsShown = 100;

export const openConsole = (
  db: Pool,
  reading: Reading,
  { health, addresses }: { readonly health: HealthMonitor; readonly addresses: ProcessAddresses },
): ConsoleHub => {
  const processes = watchProcesses(addresses, () => performance.now());
  const pipeline: PipelineSources = {
    processes,
    health: () => health.report(),
    outcomesBehind: () => reading.lag.behind(topics.orderOutcomes.name),
  };
  const lagMs = (): number | null => {
    const behind = reading.lag.behind();
    return behind && Math.round(behind.lagMs);
  };
  // Sums over all items or letters: with many of them made less often, so that a console takes no share of the orders' reads.
  const atEase = <T>(read: () => Promise<T>): (() => Promise<T>) => paced(read, () => performance.now());
  const sources: SnapshotSources = {
    db,
    items: atEase(() => listBusiestItems(db, itemsShown, Date.now())),
    sale: atEase(() => readSaleTotals(db)),
    letters: atEase(() => readLetterFigures(db)),
    lagMs,
    isListening: () => reading.feed.isListening,
    pipeline: () => takePipeline(pipeline),
    takeDecided: () => reading.decided.take(),
    clock: Date.now,
  };
  return new ConsoleHub({
    watchersMax,
    begin: () => void reading.decided.take(),
    take: () => takeSnapshot(sources),
  });
};
