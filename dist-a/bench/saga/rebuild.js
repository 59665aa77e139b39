"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_crypto_1 = require("node:crypto");
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const partitioner_1 = require("../../chassis/kafka/partitioner");
const deadline_1 = require("../../chassis/deadline");
const log_1 = require("../../chassis/log");
const connect_stock_1 = require("../../saga/stock/connect-stock");
const event_id_1 = require("../../schemas/event-id");
const new_record_1 = require("../../schemas/new-record");
const topics_1 = require("../../schemas/topics");
const exchange_1 = require("../../stack/exchange");
const backlog_1 = require("./backlog");
const saga_process_1 = require("./saga-process");
const servers_1 = require("./servers");
/**
 * How fast a saga rebuilds an emptied Redis from the log: a log of so many outcomes, then FLUSHALL under a saga that has
 * nothing else to do, `rounds` times; the first rebuild of a fresh process is told apart. Servers of its own, on the same
 * cores. BENCH_BESIDE names the dist folder of another build, which then takes turns with this one.
 * Usage: node …/rebuild.js [outcomes] [rounds] [arguments for the saga's node]
 */
const outcomes = Number(process.argv[2] ?? '1000000');
const rounds = Number(process.argv[3] ?? '3');
const nodeArgs = process.argv.slice(4);
const items = 1_000;
const buyers = 50_000;
/** Three of four are sold, to buyers who come back. */
const outcomeAt = (index) => {
    const order = {
        request_id: `order-${index.toString(36)}-${((index * 2_654_435_761) % 4_294_967_296).toString(16)}`,
        user_id: `user-${index % buyers}`,
        item_id: `item-${index % items}`,
        amount: 1,
        epoch: 0,
    };
    return index % 4 === 0
        ? { type: 'OrderFailed', ...order, reason: 'SOLD_OUT', failed_at: Date.now(), detail: null }
        : { type: 'OrderCompleted', ...order, payment_id: (0, node_crypto_1.randomUUID)(), completed_at: Date.now() };
};
const writeLog = ({ producer, codec }) => (0, backlog_1.produceAll)(producer, outcomes, (index) => {
    const event = outcomeAt(index);
    const id = (0, event_id_1.eventIdOf)(event);
    const partition = (0, partitioner_1.partitionOf)(event.request_id, servers_1.partitions);
    const metadata = { event_id: id, correlation_id: id, causation_id: id, source: 'bench' };
    return (0, new_record_1.toRecord)(codec, { topic: topics_1.topics.orderOutcomes.name, partition }, event, metadata);
});
const logOf = ({ folder }) => {
    const file = (0, node_path_1.join)(folder, 'saga.log');
    return (0, node_fs_1.existsSync)(file) ? (0, node_fs_1.readFileSync)(file, 'utf8') : '';
};
const openedIn = (servers) => logOf(servers)
    .split('\n')
    .filter((line) => line.includes('"epoch_opened"'))
    .map((line) => JSON.parse(line));
const untilOpened = async (servers, count) => {
    const endsAtMs = performance.now() + 120_000;
    while (performance.now() < endsAtMs) {
        const opened = openedIn(servers)[count - 1];
        if (opened)
            return opened;
        await (0, deadline_1.pause)(50);
    }
    throw new Error('the store was not rebuilt within 120 s');
};
/** @throws unless Redis holds each item's sales and every decision. */
const verify = async (servers) => {
    const connection = await (0, connect_stock_1.createStockConnector)(servers.redis.url, saga_process_1.saleId, log_1.silentLog).connect();
    try {
        const audit = await connection.audit((await connection.current())?.epoch ?? -1);
        const sold = audit === 'stale' ? -1 : audit.reduce((sum, item) => sum + item.sold, 0);
        const wanted = outcomes - Math.ceil(outcomes / 4);
        if (sold !== wanted)
            throw new Error(`${sold} units are sold instead of ${wanted}`);
    }
    finally {
        connection.disconnect();
    }
    const size = (await (0, exchange_1.exchange)(servers.redis.port, Buffer.from('DBSIZE\r\n'), 5_000)).toString();
    if (Number(/\d+/.exec(size)?.[0]) < outcomes)
        throw new Error(`Redis holds ${size.trim()} keys`);
};
const rateText = (events, ms) => `${Math.round((events / ms) * 1_000).toLocaleString('en-US')}/s`;
const measure = async (servers, build) => {
    await (0, exchange_1.exchange)(servers.redis.port, Buffer.from('FLUSHALL\r\n'), 60_000);
    const before = openedIn(servers).length;
    const saga = await (0, saga_process_1.startSaga)(servers, { paymentLatencyMs: 0, nodeArgs, dist: build.dist });
    const processes = [saga, servers.redis, servers.kafka];
    try {
        const cold = await untilOpened(servers, before + 1);
        console.log(`  ${build.name}: a fresh process ${rateText(cold.read, cold.duration_ms)}, ${cold.duration_ms} ms`);
        for (let round = 1; round <= rounds; round += 1) {
            /** The old generation is swept and the file of appended writes rewritten first. */
            await (0, deadline_1.pause)(2_000);
            const cpuBefore = processes.map(({ pid }) => (0, saga_process_1.cpuMsOf)(pid));
            await (0, exchange_1.exchange)(servers.redis.port, Buffer.from('FLUSHALL\r\n'), 60_000);
            const { read, duration_ms } = await untilOpened(servers, before + 1 + round);
            const cpu = processes.map(({ name, pid }, index) => {
                const micros = (((0, saga_process_1.cpuMsOf)(pid) - (cpuBefore[index] ?? 0)) / read) * 1_000;
                return `${name} ${micros.toFixed(1)}`;
            });
            console.log(`  ${build.name}: ${rateText(read, duration_ms)}, ${duration_ms} ms; CPU µs an event: ${cpu.join(', ')}`);
            await verify(servers);
        }
    }
    finally {
        await saga.stop();
    }
};
const main = async () => {
    console.log(`Node ${process.version}, ${(0, node_os_1.cpus)().length} × ${(0, node_os_1.cpus)()[0]?.model ?? 'unknown CPU'}`);
    console.log(`a log of ${outcomes} outcomes in ${servers_1.partitions} partitions; Kafka and Redis share these cores`);
    const builds = [{ name: 'this build', dist: (0, node_path_1.join)(__dirname, '..', '..') }];
    const beside = process.env['BENCH_BESIDE'];
    if (beside !== undefined)
        builds.unshift({ name: 'the other build', dist: beside });
    const servers = await (0, servers_1.startBenchServers)();
    try {
        await writeLog(servers);
        for (const build of builds)
            await measure(servers, build);
    }
    finally {
        await servers.stop();
    }
};
main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
//# sourceMappingURL=rebuild.js.map