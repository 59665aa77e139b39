import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnection, type KafkaConnection } from '../chassis/kafka/connection';
import { createGroupConsumer } from '../chassis/kafka/consumer';
import { createLogProducer } from '../chassis/kafka/producer';
import { createLogReader } from '../chassis/kafka/reader';
import { silentLog } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { createPool } from '../chassis/postgres';
import { migrate } from '../migrations/migrate';
import { stalledAfterMs } from '../migrations/rebuilds/stalled';
import { viewsToday } from '../migrations/views/today';
import { createOrdersProjection } from '../projector/orders-projection';
import { createProjectorMetrics } from '../projector/projector-metrics';
import { ViewRebuild, type Outcome } from '../projector/rebuild/commands';
import { createViewRouter, projectorRecordsMax } from '../projector/view-router';
import { deployContracts } from '../schemas/deploy';
import { createEventCodec } from '../schemas/event-codec';
import type { EventCodec } from '../schemas/codec';
import { createRegistryClient } from '../schemas/registry-client';
import { topics } from '../schemas/topics';
import { startInfrastructure } from '../stack/infrastructure';
import { removePostgresData } from '../stack/postgres';
import { temporaryFolder } from '../tests/support/temporary-folder';
import { createMeter } from './meter';
import { appendOrders, orderPartitions } from './order-events';
import { measureRaw } from './raw-inserts';

/**
 * Events a second of the projector, live from a backlog and in a rebuild, beside raw inserts of the same rows in the
 * same run. Servers of its own, on this machine's cores, so their work counts too. Usage: node …/projector.js [orders]
 */
const orders = Number(process.argv[2] ?? '500000');

const foldLive = async (connection: KafkaConnection, pool: Pool, codec: EventCodec): Promise<void> => {
  const metrics = createProjectorMetrics(createMetrics('bench', '0'));
  const router = createViewRouter({ pool, codec, metrics, report: async () => undefined });
  let folded = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const consumer = createGroupConsumer(connection, {
    groupId: 'bench',
    topics: [topics.orderRequests.name, topics.orderOutcomes.name],
    recordsMax: projectorRecordsMax,
    startAt: (topic, partition) => router.next(topic, partition),
    onRecords: async (records) => {
      const done = await router.write(records);
      folded += done;
      if (folded === orders * 2) finish();
      return done;
    },
    onFatal: (code, reason) => {
      throw new Error(`the consumer ended with ${code}`, { cause: reason });
    },
  });
  await consumer.start();
  await finished;
  await consumer.stop();
};

const main = async (): Promise<void> => {
  const folder = temporaryFolder();
  const infrastructure = await startInfrastructure({
    ports: { kafka: 0, registry: 0, redis: 0, postgres: 0 },
    dataDir: join(folder, 'data'),
    logDir: join(folder, 'logs'),
  });
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL } = infrastructure.variables;
  const connection = kafkaConnection({ brokers: KAFKA_BROKERS.split(','), clientId: 'bench' });
  const pool = createPool(
    { url: DATABASE_URL, applicationName: 'bench', connectionsMax: 8, statementTimeoutMs: 600_000 },
    silentLog,
  );
  const admin = createLogAdmin(connection);
  try {
    const registry = createRegistryClient(SCHEMA_REGISTRY_URL, 10_000);
    await deployContracts({
      admin,
      registry,
      orderPartitions,
      replicationFactor: 1,
      waitMs: 30_000,
      say: () => undefined,
    });
    await migrate(pool, { log: silentLog, lockWaitMs: 1_000 });
    const codec = await createEventCodec({ registryUrl: SCHEMA_REGISTRY_URL });
    const producer = await createLogProducer(connection, { deadlineMs: 30_000 });
    const events = orders * 2;
    const meter = await createMeter(pool);
    await meter('produced (not what is measured)', events, () => appendOrders(producer, codec, orders));
    await producer.stop(5_000);

    await meter('live projector from a backlog, events', events, () => foldLive(connection, pool, codec));
    const rebuild = new ViewRebuild({
      stalledAfterMs,
      pool,
      reader: createLogReader(connection),
      admin,
      projection: createOrdersProjection(codec, async () => undefined),
      shape: viewsToday.orders,
      onProgress: () => undefined,
      say: () => undefined,
      signal: new AbortController().signal,
      clock: Date.now,
    });
    const step = async (what: string, count: number, work: () => Promise<Outcome>): Promise<void> => {
      let outcome: Outcome | undefined;
      await meter(what, count, async () => {
        outcome = await work();
      });
      if (outcome?.kind !== 'done') throw new Error(`${what}: ${JSON.stringify(outcome)}`);
    };
    await step('rebuild, indexes included, events', events, () => rebuild.start());
    await step('verify, orders', orders, () => rebuild.verify());
    await step('switch', 1, () => rebuild.switch(false));
    await measureRaw(pool, meter, { events, folder: join(folder, 'data', 'postgres') });
  } finally {
    await admin.stop();
    await pool.end();
    await infrastructure.stop();
    removePostgresData(join(folder, 'data', 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
