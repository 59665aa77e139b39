import type { Pool } from 'pg';
import type { HealthMonitor } from '../chassis/health';
import { topics } from '../schemas/topics';
import { ConsoleHub } from './console-hub';
import { takePipeline, type PipelineSources } from './console-pipeline';
import { takeSnapshot } from './console-snapshot';
import { readLetterFigures } from './letter-figures';
import { paced } from './paced';
import type { Reading } from './open-reading';
import { watchProcesses, type ProcessAddresses } from './watch-processes';

/** People who look at one process's console at once. */
const watchersMax = 100;

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
  const letters = paced(
    () => readLetterFigures(db),
    () => performance.now(),
  );
  return new ConsoleHub({
    watchersMax,
    take: () =>
      takeSnapshot({
        db,
        letters,
        lagMs,
        isListening: () => reading.feed.isListening,
        pipeline: () => takePipeline(pipeline),
        takeDecided: () => reading.decided.take(),
        clock: Date.now,
      }),
  });
};
