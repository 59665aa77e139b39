import type { Pool } from 'pg';
import type { LogAdmin } from '../chassis/kafka/log';
import type { Releasers } from '../chassis/lifecycle';
import type { Log } from '../chassis/log';
import type { RedisClient } from '../chassis/redis';
import { topics } from '../schemas/topics';
import { findAccepted } from './accepted-orders';
import type { QueryApiConfig } from './config';
import { DecidedSample } from './decided-sample';
import { LagMonitor } from './lag-monitor';
import { createLogEnds } from './log-ends';
import { OrderLookup } from './order-lookup';
import { logStartMs } from './order-queries';
import { OrderReader } from './order-reader';
import { Places } from './places';
import { ViewFeed } from './view-feed';
import { ViewProgress } from './view-progress';
import { WaitingRoom } from './waiting-room';

export interface Dependencies {
  readonly admin: LogAdmin;
  readonly pool: Pool;
  readonly redis: RedisClient;
}

/** All that answers where an order stands, and those who wait for it. */
export interface Reading {
  readonly reader: OrderReader;
  readonly lookup: OrderLookup;
  /** Taken by those who wait for an order or for a place of the log. */
  readonly waiters: Places;
  /** Nobody waits any more: whoever does is answered as things stand, and streams end. */
  readonly stopWaiting: () => void;
  readonly streamRoom: WaitingRoom;
  /** Taken by streams that wait for news. */
  readonly streams: Places;
  readonly feed: ViewFeed;
  readonly lag: LagMonitor;
  /** For the console's percentiles. */
  readonly decided: DecidedSample;
}

const openFeed = async (
  parts: { readonly config: QueryApiConfig; readonly log: Log; readonly releasers: Releasers },
  pool: Pool,
  progress: ViewProgress,
  told: { readonly rooms: readonly WaitingRoom[]; readonly decided: DecidedSample },
): Promise<ViewFeed> => {
  const feed = new ViewFeed({
    pool,
    databaseUrl: parts.config.DATABASE_URL,
    progress,
    log: parts.log,
    onDecided: (keys) => {
      told.decided.add(keys);
      for (const room of told.rooms) room.wake(keys);
    },
    onMissed: () => {
      for (const room of told.rooms) room.wake(room.keys());
    },
  });
  parts.releasers.add('view feed', () => feed.stop());
  await feed.start();
  return feed;
};

export const openReading = async (
  parts: { readonly config: QueryApiConfig; readonly log: Log; readonly releasers: Releasers },
  { admin, pool, redis }: Dependencies,
): Promise<Reading> => {
  const { config, releasers } = parts;
  const waiters = new Places(config.WAITERS_MAX);
  const streams = new Places(config.STREAMS_MAX);
  const progress = new ViewProgress(waiters);
  const waitingRoom = new WaitingRoom(waiters);
  const streamRoom = new WaitingRoom(streams);
  const decided = new DecidedSample();
  const feed = await openFeed(parts, pool, progress, { rooms: [waitingRoom, streamRoom], decided });
  const requestEnds = createLogEnds(admin, topics.orderRequests.name);
  const outcomeEnds = createLogEnds(admin, topics.orderOutcomes.name);
  const lag = new LagMonitor(progress, {
    [topics.orderRequests.name]: requestEnds,
    [topics.orderOutcomes.name]: outcomeEnds,
  });
  releasers.add('lag monitor', () => lag.stop());
  lag.start();
  const lookup = new OrderLookup({ pool });
  const reader = new OrderReader({
    lookup,
    findAccepted: (key) => findAccepted(redis, config.SALE_ID, key),
    requestEnds,
    outcomeEnds,
    progress,
    lag,
    waitingRoom,
    logStartMs: () => logStartMs(pool),
    clock: Date.now,
    orderPartitions: config.ORDER_PARTITIONS,
  });
  const stopWaiting = (): void => {
    waitingRoom.close();
    streamRoom.close();
    progress.close();
  };
  return { reader, lookup, waiters, stopWaiting, streamRoom, streams, feed, lag, decided };
};
