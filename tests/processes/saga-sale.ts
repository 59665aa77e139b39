import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { withDeadline } from '../../chassis/deadline';
import { createLogAdmin } from '../../chassis/kafka/admin';
import { kafkaConnection } from '../../chassis/kafka/connection';
import type { LogProducer, LogRecord, NewRecord } from '../../chassis/kafka/log';
import { createLogProducer } from '../../chassis/kafka/producer';
import { createLogReader } from '../../chassis/kafka/reader';
import type { Running } from '../../chassis/lifecycle';
import { silentLog } from '../../chassis/log';
import { readConfig as readPaymentConfig } from '../../saga/payment-simulator/config';
import { readEntries } from '../../saga/payment-simulator/journal';
import { start as startPayments } from '../../saga/payment-simulator/start';
import type { ItemStock } from '../../saga/ports';
import { judgeRun, type JudgedLog } from '../../saga/simulation/judge-run';
import { emptyGeneration } from '../../saga/stock/memory-scripts';
import { emptyState, type MemoryState } from '../../saga/stock/memory-stock';
import { createStockConnector } from '../../saga/stock/connect-stock';
import type { EventCodec } from '../../schemas/codec';
import { createEventCodec } from '../../schemas/event-codec';
import { eventIdOf } from '../../schemas/event-id';
import type { DomainEvent } from '../../schemas/events';
import { toRecord } from '../../schemas/new-record';
import { generationPrefix } from '../../schemas/stock-keys';
import { topics, type TopicName } from '../../schemas/topics';
import { startKafka } from '../../stack/kafka';
import { claimPort } from '../../stack/ports';
import { projectRoot } from '../../stack/project-root';
import { deployTestContracts } from '../support/contracts';
import { eventually } from '../support/eventually';
import { privateServers } from '../support/private-servers';
import { startAlone, startInCluster, tellRedis, type SaleRedis } from './sale-redis';

export const saleId = 'sale';
const main = 'tests/processes/saga.ts';

/** One saga process, from its sources. */
export interface SagaProcess {
  readonly url: string;
  kill(signal: NodeJS.Signals): void;
  /** How it ended. */
  ended(withinMs: number): Promise<NodeJS.Signals | number>;
  output(): string;
}

export interface Buy {
  readonly key: string;
  readonly itemId: string;
  readonly userId?: string;
  readonly amount?: number;
}

/**
 * A sale on a Kafka and a Redis of its own, because a saga reads every order in the log; only the registry is the
 * run's. Everything is judged by the rules that the simulator is judged by.
 */
export interface SagaSale {
  readonly brokers: string;
  readonly producer: LogProducer;
  readonly codec: EventCodec;
  readonly redis: SaleRedis;
  stock(itemId: string, delta: number): Promise<void>;
  /** Most units that a buyer may have; set it before anything is sold. */
  limit(itemId: string, unitsMax: number): Promise<void>;
  buy(...orders: readonly Buy[]): Promise<void>;
  append(...records: readonly NewRecord[]): Promise<void>;
  startSaga(environment?: Readonly<Record<string, string>>): Promise<SagaProcess>;
  partitions(topic: TopicName): Promise<readonly (readonly LogRecord[])[]>;
  /** What the log holds of an order: COMPLETED, or why it failed; undefined while nothing valid is there. */
  outcomes(): Promise<ReadonlyMap<string, string>>;
  audit(): Promise<readonly ItemStock[]>;
  /** What is wrong at rest, by the simulator's judge; empty when all is well. */
  violations(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

const spawnSaga = (environment: NodeJS.ProcessEnv, port: number): SagaProcess & { child: ChildProcess } => {
  const loader = join(projectRoot(), 'tests', 'support', 'run-typescript.js');
  const child = spawn(process.execPath, ['-r', loader, join(projectRoot(), main)], {
    cwd: projectRoot(),
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => written.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => written.push(chunk));
  const end = new Promise<NodeJS.Signals | number>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1)),
  );
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    kill: (signal) => void child.kill(signal),
    ended: (withinMs) =>
      withDeadline(end, withinMs, `the end of the saga (${environment['DIE_AT'] ?? 'asked to stop'})`),
    output: () => Buffer.concat(written).toString(),
  };
};

/** Units held and bought, under the names that the judge has for them. */
const readBuyers = async (port: number, epoch: number): Promise<ReadonlyMap<string, number>> => {
  const prefix = `${generationPrefix(saleId, epoch)}buyer:`;
  const keys = (await tellRedis(port, 'KEYS', `${prefix}*`)) as string[];
  const [first, ...others] = keys;
  if (first === undefined) return new Map();
  const units = (await tellRedis(port, 'MGET', first, ...others)) as string[];
  return new Map(
    keys.map((key, index) => [key.slice(prefix.length).replace(':', ' '), Number(units[index])]),
  );
};

const stateOf = (
  epoch: number,
  items: readonly ItemStock[],
  buyers: ReadonlyMap<string, number>,
): MemoryState => {
  const state = emptyState();
  const generation = emptyGeneration();
  for (const { itemId, ...stock } of items) generation.items.set(itemId, { ...stock });
  for (const [buyer, units] of buyers) generation.buyers.set(buyer, units);
  state.generations.set(epoch, generation);
  state.current = { epoch, open: true, runId: '', startedEpochs: [], rememberedSinceMs: 0 };
  return state;
};

const statusOf = (event: DomainEvent): string =>
  event.type === 'OrderCompleted' ? 'COMPLETED' : event.type === 'OrderFailed' ? event.reason : '';

/** Rule R5 by hand: the first outcome that no newer marker precedes. */
const foldOutcomes = (
  codec: EventCodec,
  partitions: readonly (readonly LogRecord[])[],
): Map<string, string> => {
  const outcomes = new Map<string, string>();
  for (const records of partitions) {
    let newest = -1;
    for (const { value } of records) {
      const decoded = codec.decode(topics.orderOutcomes.name, value);
      if (decoded.kind !== 'event') continue;
      const { event } = decoded;
      if (event.type === 'EpochStarted') newest = Math.max(newest, event.epoch);
      if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed') continue;
      if (event.epoch < newest || outcomes.has(event.request_id)) continue;
      outcomes.set(event.request_id, statusOf(event));
    }
  }
  return outcomes;
};

const readTopic = async (brokers: string, topic: TopicName): Promise<readonly (readonly LogRecord[])[]> => {
  const partitions: LogRecord[][] = [];
  const connection = kafkaConnection({ brokers: brokers.split(','), clientId: 'saga-sale' });
  const admin = createLogAdmin(connection);
  for (const { partition } of await admin.ranges(topic)) partitions[partition] = [];
  await admin.stop();
  await createLogReader(connection).read({
    topic,
    onRecords: (records) => {
      for (const record of records) partitions[record.partition]?.push(record);
    },
  });
  return partitions;
};

/**
 * @param payment variables of the payment simulator, such as PAYMENT_DECLINE_RATE
 * @param inCluster whether Redis is a cluster of three masters; `SAGA_REDIS=cluster` makes it one in every test
 */
export const startSagaSale = async (
  payment: Readonly<Record<string, string>> = {},
  inCluster = process.env['SAGA_REDIS'] === 'cluster',
): Promise<SagaSale> => {
  const registry = process.env['SCHEMA_REGISTRY_URL'] ?? '';
  const own = privateServers();
  const [kafka, redis] = await Promise.all([
    own.keep(startKafka(own.place('kafka'))),
    inCluster ? startInCluster(own, saleId) : startAlone(own),
  ]);
  const payments: Running = await startPayments(
    readPaymentConfig({
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'error',
      PAYMENT_LATENCY: '1ms',
      ...payment,
    }),
  );
  await deployTestContracts({ KAFKA_BROKERS: kafka.url, SCHEMA_REGISTRY_URL: registry });
  const connection = kafkaConnection({ brokers: kafka.url.split(','), clientId: 'saga-sale' });
  const producer = await createLogProducer(connection, { recordBytesMax: 1_045_000 });
  const codec = await createEventCodec({ registryUrl: registry });
  const sagas: (SagaProcess & { child: ChildProcess })[] = [];

  const append = async (...records: readonly NewRecord[]): Promise<void> => {
    const outcomes = await producer.sendAll(records);
    const refused = outcomes.find(({ kind }) => kind !== 'acked');
    if (refused) throw new Error(`Kafka did not take a record: ${JSON.stringify(refused)}`);
  };
  const recordOf = (topic: TopicName, event: DomainEvent): NewRecord => {
    const id = eventIdOf(event);
    return toRecord(codec, topic, event, {
      event_id: id,
      correlation_id: id,
      causation_id: id,
      source: 'test',
    });
  };
  const audit = async (): Promise<{ epoch: number; items: readonly ItemStock[] }> => {
    const stock = await createStockConnector(redis.url, saleId, silentLog).connect();
    try {
      const epoch = (await stock.current())?.epoch ?? -1;
      const items = await stock.audit(epoch);
      return { epoch, items: items === 'stale' ? [] : items };
    } finally {
      stock.disconnect();
    }
  };
  const partitions = (topic: TopicName): Promise<readonly (readonly LogRecord[])[]> =>
    readTopic(kafka.url, topic);

  return {
    brokers: kafka.url,
    producer,
    codec,
    append,
    partitions,
    redis,
    stock: (itemId, delta) =>
      append(
        recordOf(topics.stockAdjustments.name, {
          type: 'StockAdjusted',
          item_id: itemId,
          delta,
          reason: 'test',
          command_id: randomUUID(),
          actor: 'test',
          adjusted_at: Date.now(),
          expected_version: null,
        }),
      ),
    limit: (itemId, unitsMax) =>
      append(
        recordOf(topics.stockAdjustments.name, {
          type: 'BuyerLimitSet',
          item_id: itemId,
          units_max: unitsMax,
          reason: null,
          command_id: randomUUID(),
          actor: 'test',
          set_at: Date.now(),
        }),
      ),
    buy: (...orders) =>
      append(
        ...orders.map(({ key, itemId, userId = 'ann', amount = 1 }) =>
          recordOf(topics.orderRequests.name, {
            type: 'OrderRequested',
            request_id: key,
            user_id: userId,
            item_id: itemId,
            amount,
            requested_at: Date.now(),
            sales_channel: null,
          }),
        ),
      ),
    startSaga: async (environment = {}) => {
      const port = await claimPort(0, 'PORT');
      const saga = spawnSaga(
        {
          HOST: '127.0.0.1',
          LOG_LEVEL: 'warn',
          KAFKA_BROKERS: kafka.url,
          SCHEMA_REGISTRY_URL: registry,
          REDIS_URL: redis.url,
          SALE_ID: saleId,
          PAYMENT_URL: payments.url,
          ...environment,
        },
        port,
      );
      sagas.push(saga);
      return saga;
    },
    outcomes: async () => foldOutcomes(codec, await partitions(topics.orderOutcomes.name)),
    audit: async () => (await audit()).items,
    violations: async () => {
      const names = [
        topics.orderRequests.name,
        topics.orderOutcomes.name,
        topics.stockAdjustments.name,
        topics.orderDlq.name,
      ];
      const read = new Map(
        await Promise.all(names.map(async (name) => [name as string, await partitions(name)] as const)),
      );
      const log: JudgedLog = { partitions: (topic) => read.get(topic) ?? [] };
      const { epoch, items } = await audit();
      const journal = readEntries(await (await fetch(`${payments.url}/journal`)).text());
      const store = stateOf(epoch, items, await readBuyers(redis.port, epoch));
      return judgeRun({ log, codec, journal, store });
    },
    remove: async () => {
      await Promise.all(
        sagas.map(async (saga) => {
          saga.child.kill('SIGCONT');
          saga.child.kill('SIGKILL');
          await saga.ended(5_000);
        }),
      );
      await producer.stop(1_000);
      await payments.stop();
      await own.remove();
    },
  };
};

/** Waits until every key has an outcome. */
export const untilDecided = (sale: SagaSale, keys: readonly string[], withinMs: number): Promise<void> =>
  eventually(
    async () => {
      const outcomes = await sale.outcomes();
      expect(keys.filter((key) => !outcomes.has(key))).toEqual([]);
    },
    { withinMs, everyMs: 300 },
  );
