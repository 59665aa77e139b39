import type { Pool } from 'pg';
import type { HealthMonitor } from '../chassis/health';
import { ConsoleHub } from './console-hub';
import { takeSnapshot } from './console-snapshot';
import { readLetterFigures } from './letter-figures';
import { paced } from './paced';
import type { Reading } from './open-reading';

/** People who look at one process's console at once. */
const watchersMax = 100;

/** The worst partition; null when it is not known for one of them. */
const worstLagMs = ({ lag }: Reading): number | null => {
  const all = lag.all();
  return all.length === 0 ? null : Math.round(Math.max(...all.map(({ lagMs }) => lagMs)));
};

export const openConsole = (db: Pool, reading: Reading, health: HealthMonitor): ConsoleHub => {
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
        lagMs: () => worstLagMs(reading),
        isListening: () => reading.feed.isListening,
        health: () => health.report(),
        takeDecided: () => reading.decided.take(),
        clock: Date.now,
      }),
  });
};
