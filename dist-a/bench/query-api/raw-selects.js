"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const log_1 = require("../../chassis/log");
const postgres_1 = require("../../chassis/postgres");
const orders_table_1 = require("./orders-table");
const reads_1 = require("./reads");
/** Prepared selects of one order each through pg, as many at once as asked for, and nothing else done. Prints JSON. */
const main = async () => {
    const [orders = 0, inFlight = 0, durationMs = 0] = process.argv.slice(2).map(Number);
    const pool = (0, postgres_1.createPool)({ url: process.env['DATABASE_URL'] ?? '', applicationName: 'bench', connectionsMax: 10 }, log_1.silentLog);
    const latencies = [];
    const endsAtMs = performance.now() + durationMs;
    const startedAtMs = performance.now();
    const before = process.cpuUsage();
    const drive = async () => {
        while (performance.now() < endsAtMs) {
            const sentAtMs = performance.now();
            await pool.query({
                name: 'raw',
                text: `select request_id, user_id, item_id, amount, status, correlation_id, requested_at, decided_at
          from views.orders where request_id = $1`,
                values: [(0, orders_table_1.orderId)(Math.floor(Math.random() * orders))],
            });
            latencies.push(performance.now() - sentAtMs);
        }
    };
    await Promise.all(Array.from({ length: inFlight }, drive));
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - startedAtMs) / 1000;
    await pool.end();
    process.stdout.write(JSON.stringify({
        seconds,
        answered: latencies.length,
        failed: 0,
        p50Ms: (0, reads_1.percentileOf)(latencies, 0.5),
        p99Ms: (0, reads_1.percentileOf)(latencies, 0.99),
        cpuSeconds: (user + system) / 1e6,
    }));
};
void main();
//# sourceMappingURL=raw-selects.js.map