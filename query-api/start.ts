import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { pause } from '../chassis/deadline';
import { kafkaDependency, watchDependencies, type Dependency } from '../chassis/health';
import { createApp, mountErrors } from '../chassis/http/app';
import { mountDocuments } from '../chassis/http/documents';
import { createIdentify, identitySettings } from '../chassis/http/identity';
import { startHttpServer } from '../chassis/http/server';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnectionOf } from '../chassis/kafka/connection';
import { createLogReader } from '../chassis/kafka/reader';
import { assemble, type Releasers, type Running } from '../chassis/lifecycle';
import { createLog, type Log } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { createPool } from '../chassis/postgres';
import { connectRedisOrCluster } from '../chassis/redis';
import { stopTimes } from '../chassis/stop-times';
import { requireDatabaseVersion } from '../migrations/require-version';
import type { QueryApiConfig } from './config';
import type { ConsoleHub } from './console-hub';
import { mountConsole } from './console-routes';
import { watchRebuilds, watchViewFigures } from './figures-metrics';
import { mountItemRoutes } from './item-routes';
import { openConsole } from './open-console';
import { openReading, type Dependencies, type Reading } from './open-reading';
import { openApiDocument } from './openapi-document';
import { mountOrderDetails } from './order-detail-routes';
import { OrderRoute } from './order-route';
import { mountOverview } from './overview-routes';
import { postponedPayments } from './postponed-payments';
import { mountStuckOrders } from './stuck-order-routes';
import { createQueryMetrics, observeRoutes, type QueryMetrics } from './query-metrics';
import { readRebuildFigures } from './rebuild-figures';
import { rehearse } from './rehearsal';
import { readViewFigures } from './view-figures';
import type { ProcessAddresses } from './watch-processes';

const service = 'query-api';
const version = '0.1.0';
/** Of SHUTDOWN_TIMEOUT at most, kept for the connections after the HTTP server is drained. */
const closingShareMs = 2_000;

interface Parts {
  readonly config: QueryApiConfig;
  readonly log: Log;
  readonly registry: Registry;
  readonly releasers: Releasers;
}

const openPool = async ({ config, log, releasers }: Parts): Promise<Pool> => {
  const pool = createPool(
    {
      url: config.DATABASE_URL,
      applicationName: service,
      connectionsMax: config.DATABASE_POOL_MAX,
      avoidsScans: true,
    },
    log,
  );
  releasers.add('postgres', () => pool.end());
  await requireDatabaseVersion(pool, { log, timeoutMs: config.DEPLOY_WAIT });
  return pool;
};

const openDependencies = async (parts: Parts): Promise<Dependencies> => {
  const { config, log, releasers } = parts;
  const admin = createLogAdmin(kafkaConnectionOf(config, service, log));
  releasers.add('kafka admin', () => admin.stop());
  const redis = connectRedisOrCluster(config.REDIS_URL, log, config.REDIS_SSL_CA);
  releasers.add('redis', () => redis.disconnect());
  return { admin, redis, pool: await openPool(parts) };
};

/** What is in the views can be told without Kafka and Redis. */
const dependenciesOf = ({ admin, pool, redis }: Dependencies): readonly Dependency[] => [
  {
    name: 'postgres',
    required: true,
    check: async () => {
      await pool.query('select 1');
    },
  },
  { ...kafkaDependency(admin), required: false },
  {
    name: 'redis',
    required: false,
    check: async () => {
      await redis.ping();
    },
  },
];

const openMetrics = (registry: Registry, { waiters, streams, feed, lag }: Reading): QueryMetrics => {
  const metrics = createQueryMetrics(registry);
  metrics.watch({
    waiters: () => waiters.taken,
    streams: () => streams.taken,
    isListening: () => feed.isListening,
    lags: () => lag.all(),
  });
  return metrics;
};

const watchFigures = ({ log, registry, releasers }: Parts, pool: Pool): void => {
  const figures = watchViewFigures(() => readViewFigures(pool, Date.now()), { metrics: registry, log });
  releasers.add('figures', () => figures.stop());
  const rebuilds = watchRebuilds(() => readRebuildFigures(pool, Date.now()), { metrics: registry, log });
  releasers.add('rebuilds', () => rebuilds.stop());
};

const addressesOf = (config: QueryApiConfig): ProcessAddresses => ({
  'command-api': config.COMMAND_API_URL,
  saga: config.SAGA_URL,
  projector: config.PROJECTOR_URL,
});

const createRoutes = (
  { config, log, registry }: Parts,
  opened: {
    readonly app: Express;
    readonly dependencies: Dependencies;
    readonly reading: Reading;
    readonly hub: ConsoleHub;
  },
  stopping: AbortSignal,
): RequestListener => {
  const { app, reading, hub } = opened;
  const { pool, redis, admin } = opened.dependencies;
  const metrics = openMetrics(registry, reading);
  const identify = createIdentify(identitySettings(config));
  const orders = new OrderRoute({
    reader: reading.reader,
    identify,
    metrics,
    orderPartitions: config.ORDER_PARTITIONS,
    log,
  });
  app.use(observeRoutes(metrics));
  mountOrderDetails(app, {
    db: pool,
    reader: reading.reader,
    identify,
    lookup: reading.lookup,
    streamRoom: reading.streamRoom,
    streams: reading.streams,
    streamsMax: config.STREAMS_MAX,
    log,
  });
  orders.mount(app);
  mountItemRoutes(app, pool, Date.now);
  mountStuckOrders(app, {
    db: pool,
    redis,
    saleId: config.SALE_ID,
    findPostponed: postponedPayments(admin, createLogReader(kafkaConnectionOf(config, service, log))),
    adminToken: config.ADMIN_TOKEN,
    clock: Date.now,
  });
  mountOverview(app, { db: pool, adminToken: config.ADMIN_TOKEN, clock: Date.now });
  mountConsole(app, hub, config.CONSOLE_COMMAND_ORIGIN);
  mountDocuments(app, openApiDocument(config.AUTH_MODE));
  mountErrors(app, log);
  return (request, response) => {
    // Asked to reconnect while it still can, a client is not cut off when the listener closes.
    if (stopping.aborted) response.setHeader('Connection', 'close');
    if (!orders.front(request, response)) app(request, response);
  };
};

/**
 * Starts the query API: waits for the migrations, rehearses, then listens. Kafka and Redis make its answers sharper and are not
 * waited for. Stopping goes the other way: not ready, those who wait are answered, drained, connections closed.
 * @throws when the migrations have not run within DEPLOY_WAIT.
 */
export const start = async (config: QueryApiConfig): Promise<Running> => {
  const log = createLog(service, config.LOG_LEVEL);
  const registry = createMetrics(service, version);
  return assemble(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
    const parts: Parts = { config, log, registry, releasers };
    const dependencies = await openDependencies(parts);
    const reading = await openReading(parts, dependencies);
    const health = watchDependencies(parts, dependenciesOf(dependencies));
    watchFigures(parts, dependencies.pool);
    const stopping = new AbortController();
    const app = createApp({ log, metrics: registry, health, isReady: () => !stopping.signal.aborted });
    const hub = openConsole(dependencies.pool, reading, { health, addresses: addressesOf(config) });
    const routes = createRoutes(parts, { app, dependencies, reading, hub }, stopping.signal);
    const { HOST: host, PORT: port, CONNECTIONS_MAX: connectionsMax } = config;
    const { graceMs, drainMs } = stopTimes(config.SHUTDOWN_TIMEOUT, {
      graceMs: config.DRAIN_GRACE,
      closingMs: closingShareMs,
    });
    await rehearse(config.REHEARSAL_ANSWERS, log);
    const server = await startHttpServer(routes, { host, port, connectionsMax, metrics: registry });
    releasers.add('http server', async () => {
      stopping.abort();
      await pause(graceMs);
      reading.stopWaiting();
      await hub.close();
      await server.drain(drainMs);
    });
    log.info(`listening on ${server.url}`, { event: 'started', url: server.url });
    return { url: server.url, stop: () => releasers.releaseAll() };
  });
};
