import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { kafkaDependency, watchDependencies, type Dependency, type HealthMonitor } from '../chassis/health';
import { createApp, mountErrors } from '../chassis/http/app';
import { startHttpServer } from '../chassis/http/server';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnectionOf, type KafkaConnection } from '../chassis/kafka/connection';
import { createGroupConsumer } from '../chassis/kafka/consumer';
import type { GroupConsumer, LogAdmin, LogProducer } from '../chassis/kafka/log';
import { createLogProducer } from '../chassis/kafka/producer';
import { stepBack } from '../chassis/kafka/step-back';
import { assemble, type Releasers, type ReportFatal, type Running } from '../chassis/lifecycle';
import { createLog, type Log } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { openTracing } from '../chassis/tracing';
import { createPool } from '../chassis/postgres';
import { requireDatabaseVersion } from '../migrations/require-version';
import { openContracts, schemaRegistryDependency } from '../schemas/open-contracts';
import { letterBytesMax, topics } from '../schemas/topics';
import type { ProjectorConfig } from './config';
import { createParking } from './park';
import { createProjectorMetrics, type ProjectorMetrics } from './projector-metrics';
import { createViewRouter, projectorRecordsMax, type ViewRouter } from './view-router';
import type { WriterStep } from './view-transaction';

/** What only test entry points give. */
export interface TestPorts {
  readonly atStep?: (step: WriterStep) => Promise<void> | void;
  readonly groupId?: string;
}

const service = 'projector';
const version = '0.1.0';
const topicsUsed = [
  topics.orderRequests,
  topics.orderOutcomes,
  topics.stockAdjustments,
  topics.orderDlq,
  topics.deadLetterCommands,
];
const drainTimeoutMs = 2_000;

interface Parts {
  readonly config: ProjectorConfig;
  readonly log: Log;
  readonly registry: Registry;
  readonly releasers: Releasers;
  readonly connection: KafkaConnection;
  readonly metrics: ProjectorMetrics;
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

const openProducer = async ({ connection, releasers }: Parts): Promise<LogProducer> => {
  const producer = await createLogProducer(connection, { recordBytesMax: letterBytesMax });
  releasers.add('producer', () => producer.stop(drainTimeoutMs));
  return producer;
};

const dependenciesOf = ({ config }: Parts, admin: LogAdmin, pool: Pool): readonly Dependency[] => [
  kafkaDependency(admin),
  {
    name: 'postgres',
    required: true,
    check: async () => {
      await pool.query('select 1');
    },
  },
  schemaRegistryDependency(config.SCHEMA_REGISTRY_URL),
];

const openConsumer = (
  parts: Parts,
  router: ViewRouter,
  ports: TestPorts,
  onFatal: ReportFatal,
): GroupConsumer => {
  const { config, connection, metrics } = parts;
  const consumer = createGroupConsumer(connection, {
    groupId: ports.groupId ?? service,
    topics: topicsUsed.map(({ name }) => name),
    recordsMax: projectorRecordsMax,
    startAt: (topic, partition) => router.next(topic, partition),
    onRecords: stepBack((records) => router.write(records), {
      upToMs: config.STEP_BACK_UP_TO,
      lag: () => consumer.lag(),
      onRest: (milliseconds) => metrics.rested(milliseconds),
    }),
    onFatal,
  });
  return consumer;
};

const openRouter = async (
  parts: Parts,
  admin: LogAdmin,
  pool: Pool,
  ports: TestPorts,
): Promise<ViewRouter> => {
  const { config, log, metrics } = parts;
  const codec = await openContracts(config, admin, { topics: topicsUsed, log, waitMs: config.DEPLOY_WAIT });
  const producer = await openProducer(parts);
  return createViewRouter({
    pool,
    codec,
    metrics,
    tracing: openTracing({ ...parts, service, version }),
    report: createParking(producer, (found) => metrics.undecodable(found)),
    ...(ports.atStep ? { atStep: ports.atStep } : {}),
  });
};

const openOperations = async (
  { config, log, registry, releasers }: Parts,
  health: HealthMonitor,
  isReady: () => boolean,
): Promise<string> => {
  const app = createApp({ log, metrics: registry, health, isReady });
  mountErrors(app, log);
  const server = await startHttpServer(app, { host: config.HOST, port: config.PORT });
  releasers.add('http server', () => server.drain(drainTimeoutMs));
  return server.url;
};

/**
 * Starts the projector: waits for migrations, topics and schemas, then joins the group. Stopping leaves the group
 * first, so that another projector goes on at once; a batch under way is finished or rolled back.
 * @throws when the deploy steps have not run within DEPLOY_WAIT.
 */
export const start = async (
  config: ProjectorConfig,
  onFatal: ReportFatal,
  ports: TestPorts = {},
): Promise<Running> => {
  const log = createLog(service, config.LOG_LEVEL);
  const registry = createMetrics(service, version);
  return assemble(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
    const connection = kafkaConnectionOf(config, service, log);
    const metrics = createProjectorMetrics(registry);
    const parts: Parts = { config, log, registry, releasers, connection, metrics };
    const admin = createLogAdmin(connection);
    releasers.add('kafka admin', () => admin.stop());
    const pool = await openPool(parts);
    let isReady = false;
    const health = watchDependencies(parts, dependenciesOf(parts, admin, pool));
    const url = await openOperations(parts, health, () => isReady);
    const router = await openRouter(parts, admin, pool, ports);
    const consumer = openConsumer(parts, router, ports, onFatal);
    router.watch(consumer);
    releasers.add('consumer', async () => {
      isReady = false;
      await consumer.stop();
    });
    await consumer.start();
    isReady = true;
    log.info(`folding, operations on ${url}`, { event: 'started', url });
    return { url, stop: () => releasers.releaseAll() };
  });
};
