"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.rebuildScenarios = void 0;
const node_child_process_1 = require("node:child_process");
const node_path_1 = require("node:path");
const node_util_1 = require("node:util");
const kafkajs_1 = require("kafkajs");
const topics_1 = require("../../../schemas/topics");
const project_root_1 = require("../../../stack/project-root");
const during_1 = require("./during");
const foreign_orders_1 = require("./foreign-orders");
const redis_1 = require("./redis");
const run = (0, node_util_1.promisify)(node_child_process_1.execFile);
const replayTimeoutMs = 90_000;
const replay = async (stage, view) => {
    const main = (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'dist', 'projector', 'replay', 'main.js');
    await run(process.execPath, [main, 'run', view], {
        env: { ...process.env, ...stage.system.direct },
        timeout: replayTimeoutMs,
    });
};
const rebuildAll = {
    id: 'F28',
    title: 'every view is built anew from the log while Redis is emptied, under load',
    bound: 'queries are answered all the time; decided within 13 s after; Redis and PostgreSQL equal the log',
    ordersPerSecond: 80,
    act: async (stage) => {
        const bounds = { sinceFault: { answering_ms: 2_000 }, sinceHeal: { deciding_ms: 13_000 } };
        await (0, during_1.during)(stage, 'all views built anew, FLUSHALL', bounds, async () => {
            await (0, redis_1.tellRedis)(stage, 'FLUSHALL');
            for (const view of ['orders', 'items', 'dead-letters'])
                await replay(stage, view);
        });
    },
};
const endedWithinMs = 60_000;
/** The broker ends what nobody ended, with a marker: after 10 s, and it looks every 10 s. @throws Error when it does not. */
const markerIn = async (stage, partition) => {
    const endsAtMs = performance.now() + endedWithinMs;
    for (;;) {
        const found = (await (0, foreign_orders_1.requestsSoFar)(stage)).find((record) => record.partition === partition && record.key === null && record.value === null);
        if (found)
            return found.offset;
        if (performance.now() > endsAtMs)
            throw new Error(`the broker has not ended the transaction after ${endedWithinMs} ms`);
        await stage.wait(2_000);
    }
};
const deadTransaction = {
    id: 'F29',
    title: 'a foreign producer dies inside a transaction on order-requests',
    bound: 'accepted and decided within 2 s and 5 s all the same; its record and its marker are dead letters',
    act: async (stage) => {
        const kafka = new kafkajs_1.Kafka({
            brokers: [stage.system.direct.KAFKA_BROKERS],
            clientId: 'foreign',
            logLevel: kafkajs_1.logLevel.NOTHING,
        });
        const producer = kafka.producer({
            transactionalId: 'foreign',
            maxInFlightRequests: 1,
            transactionTimeout: 10_000,
        });
        const bounds = { sinceFault: { accepting_ms: 2_000, deciding_ms: 5_000 } };
        await producer.connect();
        await (0, during_1.during)(stage, 'an open transaction', bounds, async () => {
            const transaction = await producer.transaction();
            const topic = topics_1.topics.orderRequests.name;
            const messages = [{ key: 'foreign-1', value: 'not an order' }];
            const [sent] = await transaction.send({ topic, messages });
            const partition = sent?.partition ?? 0;
            stage.history.inject('foreign-1', { topic, partition, offset: Number(sent?.baseOffset ?? 0) });
            await producer.disconnect();
            stage.history.inject('', { topic, partition, offset: await markerIn(stage, partition) });
        });
    },
};
exports.rebuildScenarios = [rebuildAll, deadTransaction];
//# sourceMappingURL=rebuild.js.map