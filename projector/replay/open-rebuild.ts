import type { Pool } from 'pg';
import { createLogAdmin } from '../../chassis/kafka/admin';
import { kafkaConnectionOf } from '../../chassis/kafka/connection';
import { createLogReader } from '../../chassis/kafka/reader';
import type { Releasers } from '../../chassis/lifecycle';
import type { Log } from '../../chassis/log';
import { createPool } from '../../chassis/postgres';
import { requireDatabaseVersion } from '../../migrations/require-version';
import { viewsToday } from '../../migrations/views/today';
import type { ViewName } from '../../migrations/views/view-shape';
import type { EventCodec } from '../../schemas/codec';
import { createEventCodec } from '../../schemas/event-codec';
import type { Fact, Projection } from '../batch';
import { createDeadLettersProjection } from '../dead-letters-projection';
import { createItemsProjection } from '../items-projection';
import { createOrdersProjection } from '../orders-projection';
import { ViewRebuild, type RebuildCommands } from '../rebuild/commands';
import type { Progress } from '../rebuild/progress';
import type { ReplayConfig } from './config';

/**
 * An index or a digest of hundreds of millions of rows takes hours. A server that does not answer while events are
 * folded is noticed by the watch over the progress, long before.
 */
const statementTimeoutMs = 12 * 3_600_000;
const connectionsMax = 8;

/** The projector parked these once; a rebuild has no effect but its view. */
const reportNothing = async (): Promise<void> => undefined;

export interface OpenRebuild {
  readonly pool: Pool;
  readonly rebuild: RebuildCommands;
}

export const openPool = async (config: ReplayConfig, log: Log, releasers: Releasers): Promise<Pool> => {
  const pool = createPool(
    { url: config.DATABASE_URL, applicationName: 'replay', connectionsMax, statementTimeoutMs },
    log,
  );
  releasers.add('postgres', () => pool.end());
  await requireDatabaseVersion(pool, { log, timeoutMs: 10_000 });
  return pool;
};

/** A rebuild of one view with its own connections to the log and to PostgreSQL. */
export const openRebuild = async (
  config: ReplayConfig,
  view: ViewName,
  parts: {
    readonly log: Log;
    readonly releasers: Releasers;
    readonly onProgress: (progress: Progress) => void;
    readonly say: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<OpenRebuild> => {
  const { log, releasers, onProgress, say, signal } = parts;
  const pool = await openPool(config, log, releasers);
  const connection = kafkaConnectionOf(config, 'replay', log);
  const admin = createLogAdmin(connection);
  releasers.add('kafka admin', () => admin.stop());
  const codec = (): Promise<EventCodec> =>
    createEventCodec({
      registryUrl: config.SCHEMA_REGISTRY_URL,
      cacheFile: config.SCHEMA_CACHE_FILE,
      log,
    });
  const rebuildOf = <F extends Fact>(projection: Projection<F>): RebuildCommands =>
    new ViewRebuild({
      pool,
      reader: createLogReader(connection),
      admin,
      projection,
      shape: viewsToday[view],
      onProgress,
      say,
      signal,
      clock: Date.now,
      stalledAfterMs: config.STALLED_AFTER,
    });
  switch (view) {
    case 'orders':
      return { pool, rebuild: rebuildOf(createOrdersProjection(await codec(), reportNothing)) };
    case 'items':
      return { pool, rebuild: rebuildOf(createItemsProjection(await codec(), reportNothing)) };
    case 'dead-letters':
      return { pool, rebuild: rebuildOf(createDeadLettersProjection(await codec(), reportNothing)) };
  }
};
