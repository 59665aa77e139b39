import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import type { Registry } from 'prom-client';
import { pause } from '../chassis/deadline';
import { kafkaDependency, watchDependencies, type Dependency } from '../chassis/health';
import { createApp, mountErrors, onlyMethods } from '../chassis/http/app';
import { mountDocuments } from '../chassis/http/documents';
import { createIdentify, identitySettings } from '../chassis/http/identity';
import { startHttpServer } from '../chassis/http/server';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnectionOf, type KafkaConnection } from '../chassis/kafka/connection';
import type { LogAdmin, LogProducer } from '../chassis/kafka/log';
import { createLogProducer } from '../chassis/kafka/producer';
import { assemble, type Releasers, type Running } from '../chassis/lifecycle';
import { createLog, type Log } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { stopTimes } from '../chassis/stop-times';
import { openTracing, type Tracing } from '../chassis/tracing';
import { connectRedisOrCluster, redisReady, type RedisClient } from '../chassis/redis';
import { metricsOfAllWorkers } from '../chassis/worker-metrics';
import type { EventCodec } from '../schemas/codec';
import type { ItemFollower } from '../schemas/follow-items';
import { openContracts, schemaRegistryDependency } from '../schemas/open-contracts';
import { topics } from '../schemas/topics';
import { mountAdminRoutes } from './admin-routes';
import { BuyRoute, buyPath } from './buy-route';
import { CircuitBreaker } from './circuit-breaker';
import { createCommandGauges, createCommandMetrics, type CommandMetrics } from './command-metrics';
import { CommandPath, type AtStep } from './command-path';
import { readCommitted } from './committed-stock';
import { companyOf, companyToLogOf } from './company';
import type { CommandApiConfig } from './config';
import { openApiDocument } from './openapi-document';
import type { LetterDesk } from './letters/letter-desk';
import { mountLetterRoutes } from './letters/letter-routes';
import { openLetters } from './letters/open-letters';
import { RedisAdmission } from './redis-admission';
import { openItems } from './watch-items';

/** What only test entry points give. */
export interface TestPorts {
  readonly atStep?: AtStep;
}

const service = 'command-api';
const version = '0.1.0';
const topicsUsed = [topics.orderRequests, topics.stockAdjustments, topics.deadLetterCommands];

/** With Redis's 0.5 s before it and 0.4 s after it a request is answered within 2.9 s. */
const sendDeadlineMs = 2_000;
/** Two builds in turn at 128 connections: with this and 3 ms to Redis 12,615 accepted/s, with 3 and 2 ms 12,156. */
const requestEveryMs = 5;
/** A process that starts while Redis is away serves without it; this only spares the first requests the fallback. */
const redisWaitMs = 2_000;
/** Of SHUTDOWN_TIMEOUT at most, kept for the producer and Redis after the HTTP server is drained. */
const closingShareMs = 4_000;
/** Characters: what a script guesses over HTTP in years, if it was drawn and not thought up. */
const adminTokenSafe = 16;

interface Parts {
  readonly config: CommandApiConfig;
  readonly log: Log;
  readonly registry: Registry;
  readonly releasers: Releasers;
  readonly tracing: Tracing;
}

const breakerOf = ({ config, log }: Parts): CircuitBreaker =>
  new CircuitBreaker(
    {
      failureThreshold: config.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
      successThreshold: config.CIRCUIT_BREAKER_SUCCESS_THRESHOLD,
      baseTimeoutMs: config.CIRCUIT_BREAKER_BASE_TIMEOUT,
      maxTimeoutMs: config.CIRCUIT_BREAKER_MAX_TIMEOUT,
    },
    () => performance.now(),
    (state, pauseMs) =>
      log.warn(`the breaker around Kafka is ${state}`, {
        event: 'circuit_breaker',
        state,
        pause_ms: pauseMs,
      }),
  );

const openProducer = async (
  { config, releasers }: Parts,
  connection: KafkaConnection,
  company: () => number,
): Promise<LogProducer> => {
  const producer = await createLogProducer(connection, {
    deadlineMs: sendDeadlineMs,
    everyMs: requestEveryMs,
    company,
    /** Above what CommandPath lets through, so that overload is refused there and never looks like a fault of Kafka. */
    queueMax: config.IN_FLIGHT_MAX + 1,
  });
  releasers.add('producer', () => producer.stop(sendDeadlineMs));
  return producer;
};

const openRedis = async ({ config, log, releasers }: Parts): Promise<RedisClient> => {
  const redis = connectRedisOrCluster(config.REDIS_URL, log, config.REDIS_SSL_CA);
  releasers.add('redis', () => redis.disconnect());
  await redisReady(redis, redisWaitMs).catch((error: unknown) =>
    log.warn('starting without Redis', { event: 'redis_away', error }),
  );
  return redis;
};

/** Without Redis and the registry it accepts as well. */
const dependenciesOf = (
  { config }: Parts,
  admin: LogAdmin,
  admission: RedisAdmission,
): readonly Dependency[] => [
  kafkaDependency(admin),
  { name: 'redis', required: false, check: () => admission.check() },
  schemaRegistryDependency(config.SCHEMA_REGISTRY_URL),
];

interface Commands {
  readonly admission: RedisAdmission;
  readonly path: CommandPath;
  readonly breaker: CircuitBreaker;
  readonly codec: EventCodec;
  readonly metrics: CommandMetrics;
  readonly items: ItemFollower;
  readonly committed: (itemId: string) => ReturnType<typeof readCommitted>;
}

const openCommands = async (
  parts: Parts,
  redis: RedisClient,
  connection: KafkaConnection,
  opened: { readonly codec: EventCodec; readonly items: ItemFollower; readonly ports: TestPorts },
): Promise<Commands> => {
  const { config, log, registry } = parts;
  const metrics = createCommandMetrics(registry);
  let inFlight = (): number => 0;
  const producer = await openProducer(parts, connection, () => companyToLogOf(inFlight()));
  const admission = new RedisAdmission(redis, {
    limits: { requestsMax: config.RATE_LIMIT_MAX_REQUESTS, windowMs: config.RATE_LIMIT_WINDOW },
    windowKeys: `{${config.SALE_ID}}:window`,
    idempotencyTtlMs: config.IDEMPOTENCY_TTL,
    log,
    company: () => companyOf(inFlight()),
    onAway: () => metrics.admittedWithoutRedis.inc(),
  });
  const breaker = breakerOf(parts);
  const path = new CommandPath({
    admission,
    producer,
    breaker,
    inFlightMax: config.IN_FLIGHT_MAX,
    ...opened.ports,
  });
  inFlight = () => path.inFlight;
  createCommandGauges(registry, {
    breakerState: () => breaker.state,
    inFlight: () => path.inFlight,
    logQueue: () => producer.queued,
  });
  const committed: Commands['committed'] = (itemId) => readCommitted(redis, config.SALE_ID, itemId);
  return { admission, path, breaker, codec: opened.codec, metrics, items: opened.items, committed };
};

const createRoutes = (
  { config, log, tracing }: Parts,
  app: Express,
  { path, codec, metrics, items, committed }: Commands,
  desk: LetterDesk,
): RequestListener => {
  const common = { saleId: config.SALE_ID, path, codec, metrics, log, clock: Date.now };
  const queryUrl = config.PUBLIC_QUERY_URL.replace(/\/+$/, '');
  const buy = new BuyRoute({
    ...common,
    tracing,
    saleOf: (itemId) => items.ledger.saleOf(itemId),
    identify: createIdentify(identitySettings(config)),
    answers: {
      queryUrl,
      limits: { requestsMax: config.RATE_LIMIT_MAX_REQUESTS, windowMs: config.RATE_LIMIT_WINDOW },
    },
  });
  app
    .route(buyPath)
    .post((request, response) => buy.handle(request, response))
    .all(onlyMethods('POST'));
  const { ADMIN_TOKEN: adminToken, CONSOLE_ORIGIN: consoleOrigin } = config;
  mountAdminRoutes(app, { ...common, items, committed, adminToken });
  mountLetterRoutes(app, { desk, metrics, log, adminToken, queryUrl, consoleOrigin });
  mountDocuments(app, openApiDocument(config.AUTH_MODE));
  mountErrors(app, log);
  return (request, response) => {
    if (!buy.front(request, response)) app(request, response);
  };
};

const warnOfOpenDoors = ({ config, log }: Parts): void => {
  if (config.AUTH_MODE === 'none') {
    log.warn('buyers are not authenticated: user_id in the body is believed (AUTH_MODE=none)', {
      event: 'auth_off',
    });
  }
  if (config.ADMIN_TOKEN === undefined) {
    log.warn('operators’ commands are off: ADMIN_TOKEN is not set', { event: 'admin_off' });
  } else if (config.ADMIN_TOKEN.length < adminTokenSafe) {
    log.warn(`ADMIN_TOKEN is easily guessed: it has fewer than ${adminTokenSafe} characters`, {
      event: 'admin_token_short',
    });
  }
};

/**
 * Starts the command API: waits for topics and schemas, then for Kafka's and briefly for Redis's connection, then
 * listens. Stopping goes the other way: not ready, drained, what is in flight acknowledged, connections closed.
 * @throws ContractsError when topics or schemas are not as this version needs them.
 */
export const start = async (config: CommandApiConfig, ports: TestPorts = {}): Promise<Running> => {
  const log = createLog(service, config.LOG_LEVEL);
  const registry = createMetrics(service, version);
  return assemble(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
    const tracing = openTracing({ service, version, config, registry, log, releasers });
    const parts: Parts = { config, log, registry, releasers, tracing };
    const connection = kafkaConnectionOf(config, service, log);
    const admin = createLogAdmin(connection);
    releasers.add('kafka admin', () => admin.stop());
    const codec = await openContracts(config, admin, { topics: topicsUsed, log });
    const items = await openItems(parts, connection, { admin, codec });
    const redis = await openRedis(parts);
    const commands = await openCommands(parts, redis, connection, { codec, items, ports });
    const desk = await openLetters(parts, { connection, admin, codec, path: commands.path });
    const health = watchDependencies(parts, dependenciesOf(parts, admin, commands.admission));

    let isStopping = false;
    const app = createApp({
      log,
      metrics: metricsOfAllWorkers(registry),
      health,
      isReady: () => !isStopping,
      healthExtras: () => ({ circuit_breaker_state: commands.breaker.state }),
    });
    const server = await startHttpServer(createRoutes(parts, app, commands, desk), {
      host: config.HOST,
      port: config.PORT,
      connectionsMax: config.CONNECTIONS_MAX,
      metrics: registry,
    });
    const { graceMs, drainMs } = stopTimes(config.SHUTDOWN_TIMEOUT, {
      graceMs: config.DRAIN_GRACE,
      closingMs: closingShareMs,
    });
    releasers.add('http server', async () => {
      isStopping = true;
      await pause(graceMs);
      await server.drain(drainMs);
    });
    warnOfOpenDoors(parts);
    log.info(`listening on ${server.url}`, { event: 'started', url: server.url });
    return { url: server.url, stop: () => releasers.releaseAll() };
  });
};
