"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.settle = void 0;
const pg_1 = require("pg");
const admin_1 = require("../../chassis/kafka/admin");
const connection_1 = require("../../chassis/kafka/connection");
const deadline_1 = require("../../chassis/deadline");
const topics_1 = require("../../schemas/topics");
const queryTimeoutMs = 3_000;
const pollEveryMs = 250;
/** As long as nothing moves for this long, nothing will. */
const quietMs = 1_000;
const foldedTopics = [topics_1.topics.orderRequests, topics_1.topics.orderOutcomes, topics_1.topics.stockAdjustments, topics_1.topics.orderDlq];
const offsetTables = ['order_offsets', 'item_offsets', 'dead_letter_offsets'];
const look = async (admin, database) => {
    const pending = await database.query(`select count(*) from views.orders where status = 'PENDING'`);
    const next = new Map();
    for (const table of offsetTables) {
        const rows = await database.query(`select topic, partition, next from views.${table}`);
        for (const row of rows.rows)
            next.set(`${row.topic}:${row.partition}`, Number(row.next));
    }
    let behind = 0;
    let print = '';
    for (const { name } of foldedTopics) {
        for (const { partition, high } of await admin.ranges(name)) {
            behind += high - (next.get(`${name}:${partition}`) ?? 0);
            print += `${high},`;
        }
    }
    return { print, pending: Number(pending.rows[0]?.count ?? 0), behind };
};
const open = async (url) => {
    const client = new pg_1.Client({
        connectionString: url,
        connectionTimeoutMillis: queryTimeoutMs,
        query_timeout: queryTimeoutMs,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
};
/** Waits until every order is decided and every record folded, and stays so, but no longer than `withinMs`. */
const settle = async (system, withinMs) => {
    const connection = (0, connection_1.kafkaConnection)({ brokers: system.direct.KAFKA_BROKERS.split(','), clientId: 'chaos' });
    const admin = (0, admin_1.createLogAdmin)(connection);
    const database = await open(system.direct.DATABASE_URL);
    const startedAtMs = performance.now();
    let last = { print: '', pending: -1, behind: -1 };
    let stillSinceMs = startedAtMs;
    try {
        for (;;) {
            const now = await look(admin, database);
            if (now.print !== last.print || now.pending > 0 || now.behind > 0)
                stillSinceMs = performance.now();
            last = now;
            const tookMs = performance.now() - startedAtMs;
            const isSettled = performance.now() - stillSinceMs >= quietMs;
            if (isSettled || tookMs > withinMs)
                return { isSettled, tookMs, ...last };
            await (0, deadline_1.pause)(pollEveryMs);
        }
    }
    finally {
        await Promise.allSettled([admin.stop(), database.end()]);
    }
};
exports.settle = settle;
//# sourceMappingURL=settle.js.map