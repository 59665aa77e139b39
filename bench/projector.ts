import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnection, type KafkaConnection } from '../chassis/kafka/connection';
import { createGroupConsumer } from '../chassis/kafka/consumer';
import type { LogProducer, NewRecord } from '../chassis/kafka/log';
import { partitionOf } from '../chassis/kafka/partitioner';
import { createLogProducer } from '../chassis/kafka/producer';
import { createLogReader } from '../chassis/kafka/reader';
import { silentLog } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { createPool } from '../chassis/postgres';
import { migrate } from '../migrations/migrate';
import { viewsToday } from '../migrations/views/today';
import { createOrdersProjection } from '../projector/orders-projection';
import { createProjectorMetrics } from '../projector/projector-metrics';
import { ViewRebuild, type Outcome } from '../projector/rebuild/commands';
import { createViewRouter, projectorRecordsMax } from '../projector/view-router';
import { deployContracts } from '../schemas/deploy';
import { createEventCodec } from '../schemas/event-codec';
import type { EventCodec } from '../schemas/codec';
import type { DomainEvent } from '../schemas/events';
import { eventIdOf } from '../schemas/event-id';
import { toRecord } from '../schemas/new-record';
import { createRegistryClient } from '../schemas/registry-client';
import { topics, type TopicName } from '../schemas/topics';
import { startInfrastructure } from '../stack/infrastructure';
import { removePostgresData } from '../stack/postgres';
import { temporaryFolder } from '../tests/support/temporary-folder';

/**
 * Events a second of the projector, live from a backlog and in a rebuild, beside raw inserts of the same rows in the
 * same run. Servers of its own, on this machine's cores, so their work counts too. Usage: node …/projector.js [orders]
 */
const orders = Number(process.argv[2] ?? '500000');
const partitions = 8;
const chunk = 5_000;

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAtMs = performance.now();
  await work();
  return (performance.now() - startedAtMs) / 1000;
};
const say = (what: string, count: number, took: number): void =>
  console.log(
    `${what.padEnd(46)} ${took.toFixed(1).padStart(6)} s  ${Math.round(count / took)
      .toLocaleString('en-US')
      .padStart(9)}/s`,
  );

const eventsOf = (index: number): readonly [TopicName, DomainEvent][] => {
  const order = {
    request_id: `order-${index.toString(36)}-${((index * 2_654_435_761) % 4_294_967_296).toString(16)}`,
    user_id: `user-${index % 50_000}`,
    item_id: `item-${index % 100}`,
    amount: 1 + (index % 3),
  };
  const request: DomainEvent = {
    type: 'OrderRequested',
    ...order,
    requested_at: Date.now(),
    sales_channel: null,
  };
  const isSold = index % 4 !== 0;
  const outcome: DomainEvent = isSold
    ? { type: 'OrderCompleted', ...order, epoch: 0, payment_id: `pay-${index}`, completed_at: Date.now() }
    : { type: 'OrderFailed', ...order, epoch: 0, reason: 'SOLD_OUT', failed_at: Date.now(), detail: null };
  return [
    [topics.orderRequests.name, request],
    [topics.orderOutcomes.name, outcome],
  ];
};

const recordsOf = (codec: EventCodec, index: number): readonly NewRecord[] =>
  eventsOf(index).map(([topic, event]) => {
    const key = 'request_id' in event ? event.request_id : '';
    return toRecord(codec, { topic, partition: partitionOf(key, partitions) }, event, {
      event_id: eventIdOf(event),
      correlation_id: eventIdOf(event),
      causation_id: eventIdOf(event),
      source: 'bench',
    });
  });

const produce = async (producer: LogProducer, codec: EventCodec): Promise<void> => {
  for (let from = 0; from < orders; from += chunk) {
    const records: NewRecord[] = [];
    for (let index = from; index < Math.min(orders, from + chunk); index += 1) {
      records.push(...recordsOf(codec, index));
    }
    const outcomes = await producer.sendAll(records);
    if (outcomes.some(({ kind }) => kind !== 'acked')) throw new Error('a record was not acknowledged');
  }
};

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

const rawTypes = async (pool: Pool): Promise<readonly { name: string; type: string }[]> => {
  const { rows } = await pool.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'views' and table_name = 'orders' order by ordinal_position`,
  );
  return rows;
};

/** The same rows into a table with the same key, 4,000 a statement and a transaction, nothing else done. */
const insertRaw = async (pool: Pool): Promise<number> => {
  const columns = await rawTypes(pool);
  await pool.query('drop table if exists raw_orders');
  await pool.query('create table raw_orders (like views.orders including storage)');
  await pool.query('alter table raw_orders add primary key (request_id)');
  const source = await pool.query<unknown[]>({ text: 'select * from views.orders', rowMode: 'array' });
  const list = columns.map(({ name }) => `"${name}"`).join(', ');
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
  const client = await pool.connect();
  await client.query('set synchronous_commit to off');
  const took = await seconds(async () => {
    for (let from = 0; from < source.rows.length; from += 4_000) {
      const rows = source.rows.slice(from, from + 4_000);
      await client.query({
        name: 'raw',
        text: `insert into raw_orders (${list}) select * from unnest(${arrays})`,
        values: columns.map((_, index) => rows.map((row) => row[index])),
      });
    }
  });
  client.release(true);
  return took;
};

const copyRaw = async (pool: Pool, folder: string): Promise<number> => {
  const file = join(folder, 'orders.copy');
  const quoted = `'${file.replaceAll("'", "''")}'`;
  await pool.query(`copy views.orders to ${quoted}`);
  await pool.query('truncate raw_orders');
  return seconds(() => pool.query(`copy raw_orders from ${quoted}`));
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
      orderPartitions: partitions,
      replicationFactor: 1,
      waitMs: 30_000,
      say: () => undefined,
    });
    await migrate(pool, { log: silentLog, lockWaitMs: 1_000 });
    const codec = await createEventCodec({ registryUrl: SCHEMA_REGISTRY_URL });
    const producer = await createLogProducer(connection, { deadlineMs: 30_000 });
    const events = orders * 2;
    say('produced (not what is measured)', events, await seconds(() => produce(producer, codec)));
    await producer.stop(5_000);

    say(
      'live projector from a backlog, events',
      events,
      await seconds(() => foldLive(connection, pool, codec)),
    );
    const rebuild = new ViewRebuild({
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
      const took = await seconds(async () => {
        outcome = await work();
      });
      if (outcome?.kind !== 'done') throw new Error(`${what}: ${JSON.stringify(outcome)}`);
      say(what, count, took);
    };
    await step('rebuild, indexes included, events', events, () => rebuild.start());
    await step('verify, orders', orders, () => rebuild.verify());
    await step('switch', 1, () => rebuild.switch(false));
    const raw = await insertRaw(pool);
    say('raw unnest insert of the same rows, events', events, raw);
    say('raw COPY of the same rows, events', events, await copyRaw(pool, join(folder, 'data', 'postgres')));
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
