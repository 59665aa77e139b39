import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Registry } from 'prom-client';
import { kafkaDependency, watchDependencies, type Dependency } from '../chassis/health';
import { createApp, mountErrors } from '../chassis/http/app';
import { startHttpServer } from '../chassis/http/server';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnectionOf, type KafkaConnection } from '../chassis/kafka/connection';
import { createGroupConsumer } from '../chassis/kafka/consumer';
import type {
  GroupConsumer,
  GroupConsumerOptions,
  LogAdmin,
  LogProducer,
  LogReader,
} from '../chassis/kafka/log';
import { createLogProducer } from '../chassis/kafka/producer';
import { createLogReader } from '../chassis/kafka/reader';
import { stepBack } from '../chassis/kafka/step-back';
import { assemble, type Releasers, type ReportFatal, type Running } from '../chassis/lifecycle';
import { createLog, type Log } from '../chassis/log';
import { createMetrics } from '../chassis/metrics';
import { openTracing, type Tracing } from '../chassis/tracing';
import type { EventCodec } from '../schemas/codec';
import { followItems, type ItemFollower } from '../schemas/follow-items';
import { openContracts, schemaRegistryDependency } from '../schemas/open-contracts';
import { letterBytesMax, topics } from '../schemas/topics';
import type { SagaConfig } from './config';
import type { DecidedInLog } from './decided-in-log';
import { createEpochFence, type EpochFence } from './epoch-fence';
import { createGate, type Gate } from './gate';
import { adjustmentsStartAt, createAdjustmentHandler } from './handle-adjustments';
import { createOrderHandler, type OrderHandlerParts } from './handle-orders';
import { createSagaMetrics, type SagaMetrics } from './metrics';
import { openDecidedInLog } from './open-decided-in-log';
import { mountOperatorRoutes } from './operator-routes';
import { createPayment } from './payment/create-payment';
import type { AtStep, Clock, Memory, Payment } from './ports';
import { reconcile } from './reconcile';
import { salesOf } from './sales';
import { createStockCatchUp } from './stock-catch-up';
import { createStockConnector } from './stock/connect-stock';
import { systemClock } from './system-clock';

/** What only test entry points give. */
export interface TestPorts {
  readonly atStep?: AtStep;
}

const service = 'saga';
const topicsUsed = [
  topics.orderRequests,
  topics.orderOutcomes,
  topics.stockAdjustments,
  topics.sagaEpochs,
  topics.paymentRetries,
  topics.orderDlq,
];
const version = '0.1.0';
const gateWaitMs = 100;

/** What is there before anything is consumed. */
interface Parts {
  readonly config: SagaConfig;
  readonly log: Log;
  readonly registry: Registry;
  readonly releasers: Releasers;
  readonly tracing: Tracing;
  readonly connection: KafkaConnection;
  readonly admin: LogAdmin;
  readonly reader: LogReader;
  readonly producer: LogProducer;
  readonly codec: EventCodec;
  readonly items: ItemFollower;
  readonly fence: EpochFence;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly holder: string;
  readonly atStep: AtStep;
}

const openParts = async (
  config: SagaConfig,
  log: Log,
  releasers: Releasers,
  ports: TestPorts,
): Promise<Parts> => {
  const registry = createMetrics(service, version);
  const connection = kafkaConnectionOf(config, service, log);
  const admin = createLogAdmin(connection);
  releasers.add('kafka admin', () => admin.stop());
  const codec = await openContracts(config, admin, { topics: topicsUsed, log });
  const producer = await createLogProducer(connection, { recordBytesMax: letterBytesMax });
  const reader = createLogReader(connection);
  releasers.add('producer', () => producer.stop(3_000));
  return {
    config,
    log,
    registry,
    releasers,
    tracing: openTracing({ service, version, config, registry, log, releasers }),
    connection,
    admin,
    reader,
    producer,
    codec,
    items: followItems({ reader, admin, codec }),
    fence: createEpochFence(admin),
    clock: systemClock,
    memory: { horizonMs: config.HORIZON, recordTtlMs: config.RECORD_TTL },
    holder: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    atStep: ports.atStep ?? (() => undefined),
  };
};

const openGate = (parts: Parts, metrics: () => SagaMetrics): Gate => {
  const { config, log } = parts;
  const gate = createGate({
    ...parts,
    connector: createStockConnector(config.REDIS_URL, config.SALE_ID, log, {
      recordsDetail: config.REFUSAL_DETAIL,
      ca: config.REDIS_SSL_CA,
    }),
    reconcile: async (connection, runId, reason, signal) => {
      const { onProgress, rebuilt } = metrics();
      const rebuilding = { ...parts, onProgress, wallClockMs: Date.now, signal };
      const end = await reconcile(rebuilding, connection, runId, reason);
      if (end.kind === 'opened') rebuilt();
      return end;
    },
  });
  parts.releasers.add('gate', () => gate.stop());
  return gate;
};

interface Consuming {
  readonly gate: Gate;
  readonly decidedInLog: DecidedInLog;
  readonly payment: Payment;
  readonly metrics: SagaMetrics;
  readonly onFatal: ReportFatal;
}

const consumersOf = (parts: Parts, consuming: Consuming): readonly GroupConsumer[] => {
  const { config, connection } = parts;
  const { gate, decidedInLog, payment, metrics, onFatal } = consuming;
  const common = { ...parts, gate, payment, observe: metrics.observe, wallClockMs: Date.now };
  const orders: Omit<OrderHandlerParts, 'onUnknownPayment'> = {
    ...common,
    paymentGiveUpMs: config.PAYMENT_GIVE_UP_AFTER,
    catchUpWithStock: createStockCatchUp(parts.admin, parts.clock),
    sales: salesOf(parts.items),
    decidedInLog,
  };
  const consumer = (options: Omit<GroupConsumerOptions, 'onFatal' | 'recordsMax'>): GroupConsumer =>
    createGroupConsumer(connection, { ...options, recordsMax: config.CHUNK_MAX, onFatal });
  const newOrders = consumer({
    groupId: config.SAGA_GROUP,
    topics: [topics.orderRequests.name],
    onRecords: stepBack(createOrderHandler({ ...orders, onUnknownPayment: 'resend' }), {
      upToMs: config.STEP_BACK_UP_TO,
      lag: () => newOrders.lag(),
      onRest: metrics.rested,
    }),
  });
  return [
    consumer({
      groupId: `${config.SAGA_GROUP}-stock`,
      topics: [topics.stockAdjustments.name],
      onRecords: createAdjustmentHandler(common),
      startAt: adjustmentsStartAt(gate),
    }),
    newOrders,
    consumer({
      groupId: `${config.SAGA_GROUP}-payments`,
      topics: [topics.paymentRetries.name],
      onRecords: createOrderHandler({ ...orders, onUnknownPayment: 'hold' }),
    }),
  ];
};

const dependenciesOf = ({ config, admin }: Parts, gate: Gate): readonly Dependency[] => [
  kafkaDependency(admin),
  {
    name: 'redis',
    required: true,
    check: async () => {
      await gate.session(gateWaitMs);
    },
  },
  schemaRegistryDependency(config.SCHEMA_REGISTRY_URL),
];

const serveOperations = async (
  parts: Parts,
  { gate, decidedInLog, payment }: Pick<Consuming, 'gate' | 'decidedInLog' | 'payment'>,
  isReady: () => boolean,
): Promise<string> => {
  const { config, log, registry, releasers } = parts;
  const app = createApp({
    log,
    metrics: registry,
    health: watchDependencies(parts, dependenciesOf(parts, gate)),
    isReady,
    healthExtras: () => ({
      gate: gate.state(),
      epoch: gate.peek()?.generation.epoch ?? null,
      outcome_index: decidedInLog.progress(),
    }),
  });
  const operators = { parts: { ...parts, wallClockMs: Date.now }, payment, log };
  mountOperatorRoutes(app, { ...operators, adminToken: config.ADMIN_TOKEN });
  mountErrors(app, log);
  const server = await startHttpServer(app, { host: config.HOST, port: config.PORT });
  releasers.add('http server', () => server.drain(1_000));
  return server.url;
};

/**
 * Starts the saga: waits for topics and schemas, begins to gate the stock store, listens, and joins its three groups.
 * It is ready once they are joined, whether or not the store is open yet. Stopping leaves the groups first.
 * @throws ContractsError when topics or schemas are not as this version needs them.
 */
export const start = async (
  config: SagaConfig,
  onFatal: ReportFatal,
  ports: TestPorts = {},
): Promise<Running> => {
  const log = createLog(service, config.LOG_LEVEL);
  return assemble(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
    const parts = await openParts(config, log, releasers, ports);
    const payment = createPayment(config, log, (step, durationMs) => metrics.observe.step(step, durationMs));
    releasers.add('payment', () => payment.stop());
    const gate = openGate(parts, () => metrics);
    const decidedInLog = openDecidedInLog(parts, onFatal);
    let consumers: readonly GroupConsumer[] = [];
    const metrics = createSagaMetrics(parts.registry, {
      lag: () => consumers.flatMap((consumer) => consumer.lag()),
      gateState: () => gate.state(),
      epoch: () => gate.peek()?.generation.epoch,
      paymentsInFlight: () => payment.inFlight(),
      outcomeIndex: () => decidedInLog.progress(),
    });
    let isReady = false;
    const url = await serveOperations(parts, { gate, decidedInLog, payment }, () => isReady);
    consumers = consumersOf(parts, { gate, decidedInLog, payment, metrics, onFatal });
    releasers.add('consumers', async () => {
      isReady = false;
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    });
    await Promise.all(consumers.map((consumer) => consumer.start()));
    isReady = true;
    log.info(`listening on ${url}`, { event: 'started', url });
    return { url, stop: () => releasers.releaseAll() };
  });
};
