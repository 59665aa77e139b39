"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.rawProduce = exports.rawTopic = exports.rawScripts = exports.rawConsume = void 0;
const node_crypto_1 = require("node:crypto");
const consumer_1 = require("../../chassis/kafka/consumer");
const partitioner_1 = require("../../chassis/kafka/partitioner");
const log_1 = require("../../chassis/log");
const redis_1 = require("../../chassis/redis");
const order_saga_1 = require("../../saga/order-saga");
const connect_stock_1 = require("../../saga/stock/connect-stock");
const redis_stock_1 = require("../../saga/stock/redis-stock");
const scripts_1 = require("../../saga/stock/scripts");
const topics_1 = require("../../schemas/topics");
const backlog_1 = require("./backlog");
const servers_1 = require("./servers");
/** The order in which one partition after the other hands over chunks of 500, as the saga gets them. */
const chunkMax = 500;
const memory = { horizonMs: 86_400_000, recordTtlMs: 172_800_000 };
const seconds = async (work) => {
    const startedAtMs = performance.now();
    await work();
    return (performance.now() - startedAtMs) / 1000;
};
/** Works through the chunks, as many at once as there are partitions. */
const runInLanes = async (chunks, work) => {
    let next = 0;
    const lane = async () => {
        for (let chunk = chunks[next++]; chunk; chunk = chunks[next++])
            await work(chunk);
    };
    await Promise.all(Array.from({ length: servers_1.partitions }, lane));
};
/** Reads `count` records with the saga's own consumer and does nothing with them; from the first to the last. */
const rawConsume = async (servers, count) => {
    let read = 0;
    let firstAtMs = 0;
    let finish = () => undefined;
    const finished = new Promise((resolve) => {
        finish = resolve;
    });
    const consumer = (0, consumer_1.createGroupConsumer)(servers.connection, {
        groupId: `raw-${(0, node_crypto_1.randomUUID)()}`,
        topics: [topics_1.topics.orderRequests.name],
        recordsMax: chunkMax,
        onRecords: async (records) => {
            if (read === 0)
                firstAtMs = performance.now();
            read += records.length;
            if (read >= count)
                finish((performance.now() - firstAtMs) / 1000);
            return records.length;
        },
        onFatal: (code, reason) => {
            throw new Error(`the consumer ended with ${code}`, { cause: reason });
        },
    });
    await consumer.start();
    const took = await finished;
    await consumer.stop();
    return took;
};
exports.rawConsume = rawConsume;
const ordersOf = (sale) => Array.from({ length: sale.orders }, (_, index) => {
    const { request_id, user_id, item_id, amount } = (0, backlog_1.requestOf)(sale, index);
    return { key: request_id, userId: user_id, itemId: item_id, amount };
});
/** Orders by partition, in chunks, taken in turns. */
const chunksOf = (sale) => {
    const byPartition = Array.from({ length: servers_1.partitions }, () => []);
    for (const order of ordersOf(sale))
        byPartition[(0, partitioner_1.partitionOf)(order.key, servers_1.partitions)]?.push(order);
    const chunks = [];
    for (let from = 0; byPartition.some((orders) => orders.length > from); from += chunkMax) {
        for (const orders of byPartition)
            if (orders.length > from)
                chunks.push(orders.slice(from, from + chunkMax));
    }
    return chunks;
};
const paymentId = (0, node_crypto_1.randomUUID)();
/** The commands of a whole chunk: decide, settle, let expire; with their arguments ready. */
const commandsOf = async (saleId, sale) => {
    let captured = [];
    const recorder = {
        once: () => undefined,
        call: async (_name, args) => {
            captured.push(args);
            return 'STALE';
        },
    };
    const stock = (0, redis_stock_1.createRedisStock)(recorder, { saleId, scripts: (0, scripts_1.readScripts)(), recordsDetail: false });
    const all = [];
    const appendedAtMs = Date.now();
    for (const orders of chunksOf(sale)) {
        captured = [];
        const requests = orders.map((order) => ({
            key: order.key,
            order,
            appendedAtMs,
            absentThroughMs: 0,
            stockIsCurrent: false,
            isOffSale: false,
        }));
        await stock.decide(1, requests, memory);
        await stock.settle(1, orders.map((order) => ({ order, outcome: { state: 'COMPLETED', paymentId } })));
        const keys = orders.map(({ key }) => key);
        await stock.emitted(1, keys, memory.recordTtlMs);
        all.push(captured);
    }
    return all;
};
const openStock = async (connection, sale) => {
    const runId = await connection.serverRunId();
    const items = Array.from({ length: sale.items }, (_, index) => ({
        itemId: (0, backlog_1.itemOf)(sale, index),
        total: sale.orders,
        available: sale.orders,
        reserved: 0,
        sold: 0,
        unitsMax: null,
    }));
    await connection.close(1, runId);
    await connection.loadItems(1, items, []);
    await connection.open(1, runId, {
        adjusted: new Map(),
        startedEpochs: [],
        rememberedSinceMs: Date.now(),
    });
};
const evaluate = async (redis, commands) => {
    for (const args of commands) {
        const reply = await redis.call('EVALSHA', args);
        if (reply === 'STALE')
            throw new Error('the raw scripts were refused');
    }
};
/** Sends the saga's three scripts for all orders, as many chunks at once as there are partitions. */
const rawScripts = async (servers, sale) => {
    const saleId = `raw-${(0, node_crypto_1.randomUUID)()}`;
    const connection = await (0, connect_stock_1.createStockConnector)(servers.redis.url, saleId, log_1.silentLog).connect();
    await openStock(connection, sale);
    connection.disconnect();
    const redis = (0, redis_1.connectRedis)(servers.redis.url, log_1.silentLog);
    try {
        await (0, redis_1.redisReady)(redis, 3_000);
        for (const { text } of (0, scripts_1.readScripts)().values())
            await redis.script('LOAD', text);
        const chunks = await commandsOf(saleId, sale);
        return await seconds(() => runInLanes(chunks, (commands) => evaluate(redis, commands)));
    }
    finally {
        redis.disconnect();
    }
};
exports.rawScripts = rawScripts;
exports.rawTopic = 'bench-raw';
/** Writes the outcomes of all orders, made beforehand, to a topic of their own with the same settings. */
const rawProduce = async (servers, sale) => {
    const atMs = Date.now();
    const chunks = chunksOf(sale).map((orders) => orders.map((order) => {
        const event = (0, order_saga_1.outcomeEvent)({ state: 'COMPLETED', atMs, order, paymentId }, 1);
        return { ...(0, backlog_1.recordOf)(servers.codec, topics_1.topics.orderOutcomes.name, event), topic: exports.rawTopic };
    }));
    return seconds(() => runInLanes(chunks, async (records) => {
        const outcomes = await servers.producer.sendAll(records);
        if (outcomes.some(({ kind }) => kind !== 'acked'))
            throw new Error('a record was not acknowledged');
    }));
};
exports.rawProduce = rawProduce;
//# sourceMappingURL=raw-steps.js.map