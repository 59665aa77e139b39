import type { RequestListener } from 'node:http';
import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { pause } from '../chassis/deadline';
import { createHealthMonitor, type HealthMonitor } from '../chassis/health';
import { createApp, mountErrors } from '../chassis/http/app';
import { createIdentify, identitySettings } from '../chassis/http/identity';
import { startHttpServer } from '../chassis/http/server';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnectionOf } from '../chassis/kafka/connection';
import type { LogAdmin } from '../chassis/kafka/log';
import { assemble, type Releasers, type Running } from '../chassis/lifecycle';
import { createLog, type Log } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { createPool } from '../chassis/postgres';
import { connectRedis } from '../chassis/redis';
import { requireDatabaseVersion } from '../migrations/require-version';
import { topics } from '../schemas/topics';
import { findAccepted } from './accepted-orders';
import type { QueryApiConfig } from './config';
import { mountItemRoutes } from './item-routes';
import { LagMonitor } from './lag-monitor';
import { LogEnds } from './log-ends';
import { OrderLookup } from './order-lookup';
import { OrderReader } from './order-reader';
import { OrderRoute } from './order-route';
import { createQueryMetrics, type QueryMetrics } from './query-metrics';
import { ViewFeed } from './view-feed';
import { ViewProgress } from './view-progress';
import { WaitingRoom } from './waiting-room';

const service = 'query-api';
const version = '0.1.0';
const pingTimeoutMs = 1_000;
const closingShareMs = 2_000;

interface Parts {
  readonly config: QueryApiConfig;
  readonly log: Log;
  readonly registry: Registry;
  readonly releasers: Releasers;
}

const openPool = async ({ config, log, releasers }: Parts): Promise<Pool> => {
  const pool = createPool(
    { url: config.DATABASE_URL, applicationName: service, connectionsMax: config.DATABASE_POOL_MAX },
    log,
  );
  releasers.add('postgres', () => pool.end());
  await requireDatabaseVersion(pool, { log, timeoutMs: config.DEPLOY_WAIT });
  return pool;
};

const watchDependencies = (
  parts: Parts,
  opened: { admin: LogAdmin; pool: Pool; redis: Redis },
): HealthMonitor => {
  const { log, registry, releasers } = parts;
  const { admin, pool, redis } = opened;
  const health = createHealthMonitor(
    [
      {
        name: 'postgres',
        required: true,
        check: async () => {
          await pool.query('select 1');
        },
      },
      { name: 'kafka', required: false, check: () => admin.ping(pingTimeoutMs) },
      {
        name: 'redis',
        required: false,
        check: async () => {
          await redis.ping();
        },
      },
    ],
    { log, metrics: registry },
  );
  releasers.add('health', () => health.stop());
  return health;
};

interface Reading {
  readonly reader: OrderReader;
  readonly waitingRoom: WaitingRoom;
  readonly feed: ViewFeed;
  readonly lag: LagMonitor;
}

const openReading = async (
  { config, log, releasers }: Parts,
  { admin, pool, redis }: { readonly admin: LogAdmin; readonly pool: Pool; readonly redis: Redis },
): Promise<Reading> => {
  const progress = new ViewProgress();
  const waitingRoom = new WaitingRoom(config.WAITERS_MAX);
  const feed = new ViewFeed({
    pool,
    databaseUrl: config.DATABASE_URL,
    progress,
    log,
    onDecided: (keys) => waitingRoom.wake(keys),
    onMissed: () => waitingRoom.wake(waitingRoom.keys()),
  });
  releasers.add('view feed', () => feed.stop());
  await feed.start();
  const requestEnds = new LogEnds(admin, topics.orderRequests.name);
  const lag = new LagMonitor(progress, {
    [topics.orderRequests.name]: requestEnds,
    [topics.orderOutcomes.name]: new LogEnds(admin, topics.orderOutcomes.name),
  });
  releasers.add('lag monitor', () => lag.stop());
  lag.start();
  const reader = new OrderReader({
    lookup: new OrderLookup({ pool }),
    findAccepted: (key) => findAccepted(redis, config.SALE_ID, key),
    requestEnds,
    progress,
    lag,
    waitingRoom,
    orderPartitions: config.ORDER_PARTITIONS,
  });
  return { reader, waitingRoom, feed, lag };
};

const watchGauges = (metrics: QueryMetrics, { waitingRoom, feed, lag }: Reading): void =>
  metrics.watch({
    waiters: () => waitingRoom.count,
    streams: () => 0,
    isListening: () => feed.isListening,
    lags: () => lag.all(),
  });

/**
 * Starts the query API: waits for the migrations, then listens. Kafka and Redis make its answers sharper and are not
 * waited for. Stopping goes the other way: not ready, drained, connections closed.
 * @throws when the migrations have not run within DEPLOY_WAIT.
 */
export const start = async (config: QueryApiConfig): Promise<Running> => {
  const log = createLog(service, config.LOG_LEVEL);
  const registry = createMetrics(service, version);
  return assemble(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
    const parts: Parts = { config, log, registry, releasers };
    const admin = createLogAdmin(kafkaConnectionOf(config, service, log));
    releasers.add('kafka admin', () => admin.stop());
    const redis = connectRedis(config.REDIS_URL, log);
    releasers.add('redis', () => redis.disconnect());
    const pool = await openPool(parts);
    const reading = await openReading(parts, { admin, pool, redis });
    const health = watchDependencies(parts, { admin, pool, redis });
    const metrics = createQueryMetrics(registry);
    watchGauges(metrics, reading);

    let isStopping = false;
    const app = createApp({ log, metrics: registry, health, isReady: () => !isStopping });
    const identify = createIdentify(identitySettings(config));
    const orders = new OrderRoute({ reader: reading.reader, identify, metrics, log });
    mountItemRoutes(app, pool);
    mountErrors(app, log);
    const routes: RequestListener = (request, response) => {
      if (isStopping) response.setHeader('Connection', 'close');
      if (!orders.front(request, response)) app(request, response);
    };
    const server = await startHttpServer(routes, {
      host: config.HOST,
      port: config.PORT,
      connectionsMax: config.CONNECTIONS_MAX,
    });
    releasers.add('http server', async () => {
      isStopping = true;
      await pause(config.DRAIN_GRACE);
      reading.waitingRoom.wake(reading.waitingRoom.keys());
      await server.drain(Math.max(100, config.SHUTDOWN_TIMEOUT - config.DRAIN_GRACE - closingShareMs));
    });
    log.info(`listening on ${server.url}`, { event: 'started', url: server.url });
    return { url: server.url, stop: () => releasers.releaseAll() };
  });
};
