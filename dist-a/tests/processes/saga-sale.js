"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.untilDecided = exports.startSagaSale = exports.saleId = void 0;
const node_child_process_1 = require("node:child_process");
const node_crypto_1 = require("node:crypto");
const node_path_1 = require("node:path");
const deadline_1 = require("../../chassis/deadline");
const admin_1 = require("../../chassis/kafka/admin");
const connection_1 = require("../../chassis/kafka/connection");
const producer_1 = require("../../chassis/kafka/producer");
const reader_1 = require("../../chassis/kafka/reader");
const log_1 = require("../../chassis/log");
const config_1 = require("../../saga/payment-simulator/config");
const journal_1 = require("../../saga/payment-simulator/journal");
const start_1 = require("../../saga/payment-simulator/start");
const judge_run_1 = require("../../saga/simulation/judge-run");
const memory_scripts_1 = require("../../saga/stock/memory-scripts");
const memory_stock_1 = require("../../saga/stock/memory-stock");
const connect_stock_1 = require("../../saga/stock/connect-stock");
const event_codec_1 = require("../../schemas/event-codec");
const event_id_1 = require("../../schemas/event-id");
const new_record_1 = require("../../schemas/new-record");
const stock_keys_1 = require("../../schemas/stock-keys");
const topics_1 = require("../../schemas/topics");
const kafka_1 = require("../../stack/kafka");
const ports_1 = require("../../stack/ports");
const project_root_1 = require("../../stack/project-root");
const contracts_1 = require("../support/contracts");
const eventually_1 = require("../support/eventually");
const private_servers_1 = require("../support/private-servers");
const sale_redis_1 = require("./sale-redis");
exports.saleId = 'sale';
const main = 'tests/processes/saga.ts';
const spawnSaga = (environment, port) => {
    const loader = (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'tests', 'support', 'run-typescript.js');
    const child = (0, node_child_process_1.spawn)(process.execPath, ['-r', loader, (0, node_path_1.join)((0, project_root_1.projectRoot)(), main)], {
        cwd: (0, project_root_1.projectRoot)(),
        env: { ...process.env, ...environment, PORT: String(port) },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written = [];
    child.stdout.on('data', (chunk) => written.push(chunk));
    child.stderr.on('data', (chunk) => written.push(chunk));
    const end = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code ?? -1)));
    return {
        child,
        url: `http://127.0.0.1:${port}`,
        kill: (signal) => void child.kill(signal),
        ended: (withinMs) => (0, deadline_1.withDeadline)(end, withinMs, `the end of the saga (${environment['DIE_AT'] ?? 'asked to stop'})`),
        output: () => Buffer.concat(written).toString(),
    };
};
/** Units held and bought, under the names that the judge has for them. */
const readBuyers = async (port, epoch) => {
    const prefix = `${(0, stock_keys_1.generationPrefix)(exports.saleId, epoch)}buyer:`;
    const keys = (await (0, sale_redis_1.tellRedis)(port, 'KEYS', `${prefix}*`));
    const [first, ...others] = keys;
    if (first === undefined)
        return new Map();
    const units = (await (0, sale_redis_1.tellRedis)(port, 'MGET', first, ...others));
    return new Map(keys.map((key, index) => [key.slice(prefix.length).replace(':', ' '), Number(units[index])]));
};
const stateOf = (epoch, items, buyers) => {
    const state = (0, memory_stock_1.emptyState)();
    const generation = (0, memory_scripts_1.emptyGeneration)();
    for (const { itemId, ...stock } of items)
        generation.items.set(itemId, { ...stock });
    for (const [buyer, units] of buyers)
        generation.buyers.set(buyer, units);
    state.generations.set(epoch, generation);
    state.current = { epoch, open: true, runId: '', startedEpochs: [], rememberedSinceMs: 0 };
    return state;
};
const statusOf = (event) => event.type === 'OrderCompleted' ? 'COMPLETED' : event.type === 'OrderFailed' ? event.reason : '';
/** Rule R5 by hand: the first outcome that no newer marker precedes. */
const foldOutcomes = (codec, partitions) => {
    const outcomes = new Map();
    for (const records of partitions) {
        let newest = -1;
        for (const { value } of records) {
            const decoded = codec.decode(topics_1.topics.orderOutcomes.name, value);
            if (decoded.kind !== 'event')
                continue;
            const { event } = decoded;
            if (event.type === 'EpochStarted')
                newest = Math.max(newest, event.epoch);
            if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed')
                continue;
            if (event.epoch < newest || outcomes.has(event.request_id))
                continue;
            outcomes.set(event.request_id, statusOf(event));
        }
    }
    return outcomes;
};
const readTopic = async (brokers, topic) => {
    const partitions = [];
    const connection = (0, connection_1.kafkaConnection)({ brokers: brokers.split(','), clientId: 'saga-sale' });
    const admin = (0, admin_1.createLogAdmin)(connection);
    for (const { partition } of await admin.ranges(topic))
        partitions[partition] = [];
    await admin.stop();
    await (0, reader_1.createLogReader)(connection).read({
        topic,
        onRecords: (records) => {
            for (const record of records)
                partitions[record.partition]?.push(record);
        },
    });
    return partitions;
};
/**
 * @param payment variables of the payment simulator, such as PAYMENT_DECLINE_RATE
 * @param inCluster whether Redis is a cluster of three masters; `SAGA_REDIS=cluster` makes it one in every test
 */
const startSagaSale = async (payment = {}, inCluster = process.env['SAGA_REDIS'] === 'cluster') => {
    const registry = process.env['SCHEMA_REGISTRY_URL'] ?? '';
    const own = (0, private_servers_1.privateServers)();
    const [kafka, redis] = await Promise.all([
        own.keep((0, kafka_1.startKafka)(own.place('kafka'))),
        inCluster ? (0, sale_redis_1.startInCluster)(own, exports.saleId) : (0, sale_redis_1.startAlone)(own),
    ]);
    const payments = await (0, start_1.start)((0, config_1.readConfig)({
        HOST: '127.0.0.1',
        PORT: '0',
        LOG_LEVEL: 'error',
        PAYMENT_LATENCY: '1ms',
        ...payment,
    }));
    await (0, contracts_1.deployTestContracts)({ KAFKA_BROKERS: kafka.url, SCHEMA_REGISTRY_URL: registry });
    const connection = (0, connection_1.kafkaConnection)({ brokers: kafka.url.split(','), clientId: 'saga-sale' });
    const producer = await (0, producer_1.createLogProducer)(connection, { recordBytesMax: 1_045_000 });
    const codec = await (0, event_codec_1.createEventCodec)({ registryUrl: registry });
    const sagas = [];
    const append = async (...records) => {
        const outcomes = await producer.sendAll(records);
        const refused = outcomes.find(({ kind }) => kind !== 'acked');
        if (refused)
            throw new Error(`Kafka did not take a record: ${JSON.stringify(refused)}`);
    };
    const recordOf = (topic, event) => {
        const id = (0, event_id_1.eventIdOf)(event);
        return (0, new_record_1.toRecord)(codec, topic, event, {
            event_id: id,
            correlation_id: id,
            causation_id: id,
            source: 'test',
        });
    };
    const audit = async () => {
        const stock = await (0, connect_stock_1.createStockConnector)(redis.url, exports.saleId, log_1.silentLog).connect();
        try {
            const epoch = (await stock.current())?.epoch ?? -1;
            const items = await stock.audit(epoch);
            return { epoch, items: items === 'stale' ? [] : items };
        }
        finally {
            stock.disconnect();
        }
    };
    const partitions = (topic) => readTopic(kafka.url, topic);
    return {
        brokers: kafka.url,
        producer,
        codec,
        append,
        partitions,
        redis,
        stock: (itemId, delta) => append(recordOf(topics_1.topics.stockAdjustments.name, {
            type: 'StockAdjusted',
            item_id: itemId,
            delta,
            reason: 'test',
            command_id: (0, node_crypto_1.randomUUID)(),
            actor: 'test',
            adjusted_at: Date.now(),
            expected_version: null,
        })),
        limit: (itemId, unitsMax) => append(recordOf(topics_1.topics.stockAdjustments.name, {
            type: 'BuyerLimitSet',
            item_id: itemId,
            units_max: unitsMax,
            reason: null,
            command_id: (0, node_crypto_1.randomUUID)(),
            actor: 'test',
            set_at: Date.now(),
        })),
        buy: (...orders) => append(...orders.map(({ key, itemId, userId = 'ann', amount = 1 }) => recordOf(topics_1.topics.orderRequests.name, {
            type: 'OrderRequested',
            request_id: key,
            user_id: userId,
            item_id: itemId,
            amount,
            requested_at: Date.now(),
            sales_channel: null,
        }))),
        startSaga: async (environment = {}) => {
            const port = await (0, ports_1.claimPort)(0, 'PORT');
            const saga = spawnSaga({
                HOST: '127.0.0.1',
                LOG_LEVEL: 'warn',
                KAFKA_BROKERS: kafka.url,
                SCHEMA_REGISTRY_URL: registry,
                REDIS_URL: redis.url,
                SALE_ID: exports.saleId,
                PAYMENT_URL: payments.url,
                ...environment,
            }, port);
            sagas.push(saga);
            return saga;
        },
        outcomes: async () => foldOutcomes(codec, await partitions(topics_1.topics.orderOutcomes.name)),
        audit: async () => (await audit()).items,
        violations: async () => {
            const names = [
                topics_1.topics.orderRequests.name,
                topics_1.topics.orderOutcomes.name,
                topics_1.topics.stockAdjustments.name,
                topics_1.topics.orderDlq.name,
            ];
            const read = new Map(await Promise.all(names.map(async (name) => [name, await partitions(name)])));
            const log = { partitions: (topic) => read.get(topic) ?? [] };
            const { epoch, items } = await audit();
            const journal = (0, journal_1.readEntries)(await (await fetch(`${payments.url}/journal`)).text());
            const store = stateOf(epoch, items, await readBuyers(redis.port, epoch));
            return (0, judge_run_1.judgeRun)({ log, codec, journal, store });
        },
        remove: async () => {
            await Promise.all(sagas.map(async (saga) => {
                saga.child.kill('SIGCONT');
                saga.child.kill('SIGKILL');
                await saga.ended(5_000);
            }));
            await producer.stop(1_000);
            await payments.stop();
            await own.remove();
        },
    };
};
exports.startSagaSale = startSagaSale;
/** Waits until every key has an outcome. */
const untilDecided = (sale, keys, withinMs) => (0, eventually_1.eventually)(async () => {
    const outcomes = await sale.outcomes();
    expect(keys.filter((key) => !outcomes.has(key))).toEqual([]);
}, { withinMs, everyMs: 300 });
exports.untilDecided = untilDecided;
//# sourceMappingURL=saga-sale.js.map