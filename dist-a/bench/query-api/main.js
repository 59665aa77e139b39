"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_child_process_1 = require("node:child_process");
const node_os_1 = require("node:os");
const node_path_1 = require("node:path");
const node_util_1 = require("node:util");
const deadline_1 = require("../../chassis/deadline");
const ports_1 = require("../../stack/ports");
const database_1 = require("../../tests/support/database");
const cpu_seconds_1 = require("../cpu-seconds");
const orders_table_1 = require("./orders-table");
const reads_1 = require("./reads");
/**
 * Reads a second of `GET /orders/:id` of one query API over a table of a million orders, beside raw prepared selects
 * of the same rows through pg, turn by turn. On the servers that the environment names, in a database of its own. The
 * generator shares the machine. Ends with 1 when an answer was wrong.
 */
const orders = Number(process.env['BENCH_ORDERS'] ?? 1_000_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const durationMs = Number(process.env['BENCH_SECONDS'] ?? 5) * 1000;
const connectionCounts = [32, 128];
const startApi = async (databaseUrl) => {
    const port = await (0, ports_1.claimPort)(0, 'PORT');
    const child = (0, node_child_process_1.spawn)(process.execPath, [(0, node_path_1.join)(__dirname, '../../query-api/main.js')], {
        env: {
            ...process.env,
            HOST: '127.0.0.1',
            LOG_LEVEL: 'error',
            DATABASE_URL: databaseUrl,
            PORT: String(port),
        },
        stdio: ['ignore', 'ignore', 'inherit'],
    });
    const url = `http://127.0.0.1:${port}`;
    for (let attempt = 0; attempt < 300; attempt += 1) {
        const answer = await fetch(`${url}/readyz`).catch(() => undefined);
        if (answer?.ok)
            return { url, pid: child.pid ?? 0, stop: () => child.kill('SIGTERM') };
        await (0, deadline_1.pause)(100);
    }
    child.kill('SIGKILL');
    throw new Error('the query API does not become ready');
};
const line = (name, connections, it) => [
    name.padEnd(12),
    String(connections).padStart(4),
    `${Math.round(it.answered / it.seconds)}/s`.padStart(9),
    `p50 ${it.p50Ms.toFixed(1)} ms`.padStart(13),
    `p99 ${it.p99Ms.toFixed(1)} ms`.padStart(13),
    `${((it.cpuSeconds / it.answered) * 1e6).toFixed(0)} µs CPU`.padStart(10),
    it.failed > 0 ? `${it.failed} wrong` : '',
].join('  ');
const readRaw = async (databaseUrl, connections) => {
    const { stdout } = await (0, node_util_1.promisify)(node_child_process_1.execFile)(process.execPath, [(0, node_path_1.join)(__dirname, 'raw-selects.js'), String(orders), String(connections), String(durationMs)], { env: { ...process.env, DATABASE_URL: databaseUrl } });
    return JSON.parse(stdout);
};
const readApi = async ({ url, pid }, connections) => {
    const before = (0, cpu_seconds_1.cpuSecondsOf)(pid);
    const nextPath = () => `/orders/${(0, orders_table_1.orderId)(Math.floor(Math.random() * orders))}`;
    const reads = await (0, reads_1.readOrders)({ url, connections, durationMs, nextPath });
    return { ...reads, cpuSeconds: (0, cpu_seconds_1.cpuSecondsOf)(pid) - before };
};
const measureReads = async (databaseUrl, api) => {
    let wrong = 0;
    await (0, reads_1.readOrders)({
        url: api.url,
        connections: 32,
        durationMs: 2_000,
        nextPath: () => `/orders/${(0, orders_table_1.orderId)(1)}`,
    });
    for (let round = 0; round < rounds; round += 1) {
        for (const connections of connectionCounts) {
            console.log(line('raw selects', connections, await readRaw(databaseUrl, connections)));
            const measured = await readApi(api, connections);
            console.log(line('query-api', connections, measured));
            wrong += measured.failed;
        }
    }
    return wrong;
};
const main = async () => {
    console.log(`Node ${process.version}, ${(0, node_os_1.cpus)().length} × ${(0, node_os_1.cpus)()[0]?.model ?? 'unknown CPU'}, ${orders} orders`);
    const database = await (0, database_1.createDatabase)();
    let api;
    try {
        await (0, orders_table_1.fillOrders)(database.url, orders);
        api = await startApi(database.url);
        if ((await measureReads(database.url, api)) > 0)
            process.exitCode = 1;
    }
    finally {
        api?.stop();
        await database.drop();
    }
};
main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
//# sourceMappingURL=main.js.map