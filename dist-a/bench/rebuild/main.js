"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const node_fs_1 = require("node:fs");
const node_os_1 = require("node:os");
const deadline_1 = require("../../chassis/deadline");
const log_1 = require("../../chassis/log");
const redis_1 = require("../../chassis/redis");
const status_1 = require("../../projector/rebuild/status");
const today_1 = require("../../migrations/views/today");
const cpu_seconds_1 = require("../cpu-seconds");
const order_events_1 = require("../order-events");
const accepted_1 = require("./accepted");
const bed_1 = require("./bed");
const picture_1 = require("./picture");
const replay_run_1 = require("./replay-run");
const report_1 = require("./report");
const steady_reader_1 = require("./steady-reader");
const steady_writer_1 = require("./steady-writer");
/**
 * Rebuilds the orders view while it is read and written at a steady pace: no read may fail, none may go back, the
 * rebuilt view must be verified and switched to. Servers of its own. Ends with 1 when one of that does not hold.
 * Usage: node …/rebuild/main.js [orders]; READS and WRITES are the rates a second, BENCH_SVG a
 * file for a picture.
 */
const orders = Number(process.argv[2] ?? 500_000);
const readsPerSecond = Number(process.env['READS'] ?? 500);
const writesPerSecond = Number(process.env['WRITES'] ?? 500);
const calmMs = 5_000;
const foldWithinMs = 300_000;
const countOrders = async (pool) => {
    const { rows } = await pool.query(`select count(*)::int as all, count(outcome_offset)::int as decided from views.orders`);
    return rows[0] ?? { all: 0, decided: 0 };
};
/** Waits until the live view holds so many orders, all of them decided. */
const folded = async (pool, count) => {
    const endsAtMs = performance.now() + foldWithinMs;
    for (;;) {
        const { all, decided } = await countOrders(pool);
        if (all === count && decided === count)
            return;
        if (performance.now() > endsAtMs)
            throw new Error(`${decided} of ${count} orders are in the view`);
        await (0, deadline_1.pause)(500);
    }
};
const replay = (bed, ...args) => (0, replay_run_1.runReplay)(args, bed.environment, (line) => console.log(`  ${line}`));
const secondsSince = (startedAtMs) => ((performance.now() - startedAtMs) / 1000).toFixed(1);
/**
 * Puts the orders into the log and into the view. The view is not folded by a projector but built from nothing, as after
 * a `DROP`: that takes half the time.
 */
const prepare = async (bed) => {
    const startedAtMs = performance.now();
    await (0, order_events_1.appendOrders)(bed.producer, bed.codec, orders);
    console.log(`${orders} orders written in ${secondsSince(startedAtMs)} s; building the view from nothing`);
    const builtFromMs = performance.now();
    await bed.pool.query(`drop table ${today_1.viewsToday.orders.tables.map((table) => `views.${table}`).join(', ')}`);
    for (const args of [
        ['run', 'orders', '--accept-diff'],
        ['drop', 'orders'],
    ]) {
        const { code } = await replay(bed, ...args);
        if (code !== 0)
            throw new Error(`replay ${args.join(' ')} ended with ${code}`);
    }
    console.log(`${orders * 2} events in ${secondsSince(builtFromMs)} s, start, indexes and switch included`);
};
const judge = (findings) => {
    for (const [what, isWell] of findings) {
        console.log(`${isWell ? 'holds' : 'FAILS'}  ${what}`);
        if (!isWell)
            process.exitCode = 1;
    }
};
/** Rebuilds the view, and looks twice a second how many events it holds by then. */
const watchReplay = async (bed) => {
    const built = [];
    const over = new AbortController();
    const watching = (async () => {
        while (!over.signal.aborted) {
            const status = await (0, status_1.readStatus)(bed.pool, today_1.viewsToday.orders, Date.now());
            built.push({ atMs: performance.now(), events: status.events_done });
            await (0, deadline_1.pause)(500, over.signal);
        }
    })();
    const rebuild = await replay(bed, 'run', 'orders');
    over.abort();
    await watching;
    return { rebuild, built };
};
const run = async (bed) => {
    await prepare(bed);
    const projector = await bed.startService('projector', 'projector/main.js');
    const api = await bed.startService('query-api', 'query-api/main.js');
    await folded(bed.pool, orders);
    console.log(`reading ${readsPerSecond}/s and writing ${writesPerSecond} orders/s from now on`);
    const { producer, codec } = bed;
    const redis = (0, redis_1.connectRedis)(bed.environment['REDIS_URL'] ?? '', log_1.silentLog);
    await (0, redis_1.redisReady)(redis, 10_000);
    const writer = new steady_writer_1.SteadyWriter({
        producer,
        codec,
        perSecond: writesPerSecond,
        from: orders,
        onAccepted: (appended) => (0, accepted_1.rememberAccepted)(redis, appended),
    });
    const reader = new steady_reader_1.SteadyReader(api.url, readsPerSecond, () => writer.end);
    const fromMs = performance.now();
    const cpuBefore = [projector, api].map(({ pid }) => (0, cpu_seconds_1.cpuSecondsOf)(pid));
    writer.start();
    await reader.start();
    await (0, deadline_1.pause)(calmMs);
    const { rebuild, built } = await watchReplay(bed);
    await (0, deadline_1.pause)(calmMs);
    await writer.stop();
    const result = await reader.stop();
    redis.disconnect();
    const toMs = performance.now();
    const cpu = [projector, api].map(({ pid }, at) => (0, cpu_seconds_1.cpuSecondsOf)(pid) - (cpuBefore[at] ?? 0));
    await folded(bed.pool, writer.end);
    const phases = (0, report_1.phasesOf)(rebuild, fromMs, toMs);
    console.log((0, report_1.tableOf)(phases, result.reads));
    const title = `A view of ${orders} orders is rebuilt at ${readsPerSecond} reads and ${writesPerSecond} orders a second`;
    const svgFile = process.env['BENCH_SVG'];
    if (svgFile !== undefined)
        (0, node_fs_1.writeFileSync)(svgFile, (0, picture_1.pictureOf)(title, { phases, reads: result.reads, built }));
    console.log(`${writer.end - orders} orders written meanwhile; CPU of ${((toMs - fromMs) / 1000).toFixed(0)} s: projector ` +
        `${cpu[0]?.toFixed(1)} s, query-api ${cpu[1]?.toFixed(1)} s; ${result.stale} answers said that the view is behind`);
    for (const why of [...result.failed, ...result.wentBack].slice(0, 10))
        console.log(`  ${why}`);
    const said = (text) => rebuild.lines.some((line) => line.text.startsWith(text));
    judge([
        [`${result.reads.length} reads, ${result.failed.length} failed`, result.failed.length === 0],
        [`${result.wentBack.length} reads went back`, result.wentBack.length === 0],
        ['verified: equal rows at equal offsets', said('verified')],
        [`switched, exit code ${rebuild.code}`, said('switched') && rebuild.code === 0],
        ['every order written meanwhile is in the view, decided', true],
    ]);
};
const main = async () => {
    const load = (0, node_os_1.loadavg)()[0]?.toFixed(1);
    console.log(`Node ${process.version}, ${(0, node_os_1.cpus)().length} × ${(0, node_os_1.cpus)()[0]?.model}, load ${load}`);
    const bed = await (0, bed_1.startBed)();
    try {
        await run(bed);
    }
    finally {
        await bed.stop();
    }
};
main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
//# sourceMappingURL=main.js.map