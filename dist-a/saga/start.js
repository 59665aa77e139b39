"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.start = void 0;
const node_crypto_1 = require("node:crypto");
const node_os_1 = require("node:os");
const health_1 = require("../chassis/health");
const app_1 = require("../chassis/http/app");
const server_1 = require("../chassis/http/server");
const admin_1 = require("../chassis/kafka/admin");
const connection_1 = require("../chassis/kafka/connection");
const consumer_1 = require("../chassis/kafka/consumer");
const producer_1 = require("../chassis/kafka/producer");
const reader_1 = require("../chassis/kafka/reader");
const step_back_1 = require("../chassis/kafka/step-back");
const lifecycle_1 = require("../chassis/lifecycle");
const log_1 = require("../chassis/log");
const metrics_1 = require("../chassis/metrics");
const tracing_1 = require("../chassis/tracing");
const follow_items_1 = require("../schemas/follow-items");
const open_contracts_1 = require("../schemas/open-contracts");
const topics_1 = require("../schemas/topics");
const decided_in_log_1 = require("./decided-in-log");
const epoch_fence_1 = require("./epoch-fence");
const gate_1 = require("./gate");
const handle_adjustments_1 = require("./handle-adjustments");
const handle_orders_1 = require("./handle-orders");
const metrics_2 = require("./metrics");
const operator_routes_1 = require("./operator-routes");
const create_payment_1 = require("./payment/create-payment");
const reconcile_1 = require("./reconcile");
const sales_1 = require("./sales");
const stock_catch_up_1 = require("./stock-catch-up");
const connect_stock_1 = require("./stock/connect-stock");
const system_clock_1 = require("./system-clock");
const service = 'saga';
const topicsUsed = [
    topics_1.topics.orderRequests,
    topics_1.topics.orderOutcomes,
    topics_1.topics.stockAdjustments,
    topics_1.topics.sagaEpochs,
    topics_1.topics.paymentRetries,
    topics_1.topics.orderDlq,
];
const version = '0.1.0';
const gateWaitMs = 100;
const openParts = async (config, log, releasers, ports) => {
    const registry = (0, metrics_1.createMetrics)(service, version);
    const connection = (0, connection_1.kafkaConnectionOf)(config, service, log);
    const admin = (0, admin_1.createLogAdmin)(connection);
    releasers.add('kafka admin', () => admin.stop());
    const codec = await (0, open_contracts_1.openContracts)(config, admin, { topics: topicsUsed, log });
    const producer = await (0, producer_1.createLogProducer)(connection, { recordBytesMax: topics_1.letterBytesMax });
    const reader = (0, reader_1.createLogReader)(connection);
    releasers.add('producer', () => producer.stop(3_000));
    return {
        config,
        log,
        registry,
        releasers,
        tracing: (0, tracing_1.openTracing)({ service, version, config, registry, log, releasers }),
        connection,
        admin,
        reader,
        producer,
        codec,
        items: (0, follow_items_1.followItems)({ reader, admin, codec }),
        fence: (0, epoch_fence_1.createEpochFence)(admin),
        clock: system_clock_1.systemClock,
        memory: { horizonMs: config.HORIZON, recordTtlMs: config.RECORD_TTL },
        holder: `${(0, node_os_1.hostname)()}-${process.pid}-${(0, node_crypto_1.randomUUID)().slice(0, 8)}`,
        atStep: ports.atStep ?? (() => undefined),
    };
};
const openGate = (parts, metrics) => {
    const { config, log } = parts;
    const gate = (0, gate_1.createGate)({
        ...parts,
        connector: (0, connect_stock_1.createStockConnector)(config.REDIS_URL, config.SALE_ID, log, {
            recordsDetail: config.REFUSAL_DETAIL,
            ca: config.REDIS_SSL_CA,
        }),
        reconcile: async (connection, runId, reason) => {
            const { onProgress, rebuilt } = metrics();
            const end = await (0, reconcile_1.reconcile)({ ...parts, onProgress, wallClockMs: Date.now }, connection, runId, reason);
            if (end.kind === 'opened')
                rebuilt();
            return end;
        },
    });
    parts.releasers.add('gate', () => gate.stop());
    return gate;
};
const consumersOf = (parts, consuming) => {
    const { config, connection } = parts;
    const { gate, payment, metrics, onFatal } = consuming;
    const common = { ...parts, gate, payment, observe: metrics.observe, wallClockMs: Date.now };
    const orders = {
        ...common,
        catchUpWithStock: (0, stock_catch_up_1.createStockCatchUp)(parts.admin, parts.clock),
        sales: (0, sales_1.salesOf)(parts.items),
        decidedInLog: (0, decided_in_log_1.createDecidedInLog)({ ...parts, answerAgeMaxMs: config.HORIZON / 2 }),
    };
    const consumer = (options) => (0, consumer_1.createGroupConsumer)(connection, { ...options, recordsMax: config.CHUNK_MAX, onFatal });
    const newOrders = consumer({
        groupId: config.SAGA_GROUP,
        topics: [topics_1.topics.orderRequests.name],
        onRecords: (0, step_back_1.stepBack)((0, handle_orders_1.createOrderHandler)({ ...orders, onUnknownPayment: 'resend' }), {
            upToMs: config.STEP_BACK_UP_TO,
            lag: () => newOrders.lag(),
            onRest: metrics.rested,
        }),
    });
    return [
        consumer({
            groupId: `${config.SAGA_GROUP}-stock`,
            topics: [topics_1.topics.stockAdjustments.name],
            onRecords: (0, handle_adjustments_1.createAdjustmentHandler)(common),
            startAt: (0, handle_adjustments_1.adjustmentsStartAt)(gate),
        }),
        newOrders,
        consumer({
            groupId: `${config.SAGA_GROUP}-payments`,
            topics: [topics_1.topics.paymentRetries.name],
            onRecords: (0, handle_orders_1.createOrderHandler)({ ...orders, onUnknownPayment: 'hold' }),
        }),
    ];
};
const dependenciesOf = ({ config, admin }, gate) => [
    (0, health_1.kafkaDependency)(admin),
    {
        name: 'redis',
        required: true,
        check: async () => {
            await gate.session(gateWaitMs);
        },
    },
    (0, open_contracts_1.schemaRegistryDependency)(config.SCHEMA_REGISTRY_URL),
];
const serveOperations = async (parts, { gate, payment }, isReady) => {
    const { config, log, registry, releasers } = parts;
    const app = (0, app_1.createApp)({
        log,
        metrics: registry,
        health: (0, health_1.watchDependencies)(parts, dependenciesOf(parts, gate)),
        isReady,
        healthExtras: () => ({ gate: gate.state(), epoch: gate.peek()?.generation.epoch ?? null }),
    });
    const operators = { parts: { ...parts, wallClockMs: Date.now }, payment, log };
    (0, operator_routes_1.mountOperatorRoutes)(app, { ...operators, adminToken: config.ADMIN_TOKEN });
    (0, app_1.mountErrors)(app, log);
    const server = await (0, server_1.startHttpServer)(app, { host: config.HOST, port: config.PORT });
    releasers.add('http server', () => server.drain(1_000));
    return server.url;
};
/**
 * Starts the saga: waits for topics and schemas, begins to gate the stock store, listens, and joins its three groups.
 * It is ready once they are joined, whether or not the store is open yet. Stopping leaves the groups first.
 * @throws ContractsError when topics or schemas are not as this version needs them.
 */
const start = async (config, onFatal, ports = {}) => {
    const log = (0, log_1.createLog)(service, config.LOG_LEVEL);
    return (0, lifecycle_1.assemble)(log, config.SHUTDOWN_TIMEOUT, async (releasers) => {
        const parts = await openParts(config, log, releasers, ports);
        const payment = (0, create_payment_1.createPayment)(config, log);
        releasers.add('payment', () => payment.stop());
        const gate = openGate(parts, () => metrics);
        let consumers = [];
        const metrics = (0, metrics_2.createSagaMetrics)(parts.registry, {
            lag: () => consumers.flatMap((consumer) => consumer.lag()),
            gateState: () => gate.state(),
            epoch: () => gate.peek()?.generation.epoch,
            paymentsInFlight: () => payment.inFlight(),
        });
        let isReady = false;
        const url = await serveOperations(parts, { gate, payment }, () => isReady);
        consumers = consumersOf(parts, { gate, payment, metrics, onFatal });
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
exports.start = start;
//# sourceMappingURL=start.js.map