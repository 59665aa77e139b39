import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { Pool } from 'pg';
import { pause } from '../../chassis/deadline';
import { silentLog } from '../../chassis/log';
import { connectRedis, redisReady } from '../../chassis/redis';
import { readStatus } from '../../projector/rebuild/status';
import { viewsToday } from '../../migrations/views/today';
import { cpuSecondsOf } from '../cpu-seconds';
import { appendOrders } from '../order-events';
import { rememberAccepted } from './accepted';
import { startBed, type Bed } from './bed';
import { pictureOf, type Sample } from './picture';
import { runReplay, type ReplayRun } from './replay-run';
import { phasesOf, tableOf } from './report';
import { SteadyReader } from './steady-reader';
import { SteadyWriter } from './steady-writer';

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

const countOrders = async (pool: Pool): Promise<{ readonly all: number; readonly decided: number }> => {
  const { rows } = await pool.query<{ all: number; decided: number }>(
    `select count(*)::int as all, count(outcome_offset)::int as decided from views.orders`,
  );
  return rows[0] ?? { all: 0, decided: 0 };
};

/** Waits until the live view holds so many orders, all of them decided. */
const folded = async (pool: Pool, count: number): Promise<void> => {
  const endsAtMs = performance.now() + foldWithinMs;
  for (;;) {
    const { all, decided } = await countOrders(pool);
    if (all === count && decided === count) return;
    if (performance.now() > endsAtMs) throw new Error(`${decided} of ${count} orders are in the view`);
    await pause(500);
  }
};

const replay = (bed: Bed, ...args: string[]): Promise<ReplayRun> =>
  runReplay(args, bed.environment, (line) => console.log(`  ${line}`));

const secondsSince = (startedAtMs: number): string => ((performance.now() - startedAtMs) / 1000).toFixed(1);

/**
 * Puts the orders into the log and into the view. The view is not folded by a projector but built from nothing, as after
 * a `DROP`: that takes half the time.
 */
const prepare = async (bed: Bed): Promise<void> => {
  const startedAtMs = performance.now();
  await appendOrders(bed.producer, bed.codec, orders);
  console.log(`${orders} orders written in ${secondsSince(startedAtMs)} s; building the view from nothing`);
  const builtFromMs = performance.now();
  await bed.pool.query(`drop table ${viewsToday.orders.tables.map((table) => `views.${table}`).join(', ')}`);
  for (const args of [
    ['run', 'orders', '--accept-diff'],
    ['drop', 'orders'],
  ]) {
    const { code } = await replay(bed, ...args);
    if (code !== 0) throw new Error(`replay ${args.join(' ')} ended with ${code}`);
  }
  console.log(`${orders * 2} events in ${secondsSince(builtFromMs)} s, start, indexes and switch included`);
};

const judge = (findings: readonly (readonly [what: string, isWell: boolean])[]): void => {
  for (const [what, isWell] of findings) {
    console.log(`${isWell ? 'holds' : 'FAILS'}  ${what}`);
    if (!isWell) process.exitCode = 1;
  }
};

/** Rebuilds the view, and looks twice a second how many events it holds by then. */
const watchReplay = async (
  bed: Bed,
): Promise<{ readonly rebuild: ReplayRun; readonly built: readonly Sample[] }> => {
  const built: Sample[] = [];
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      const status = await readStatus(bed.pool, viewsToday.orders, Date.now());
      built.push({ atMs: performance.now(), events: status.events_done });
      await pause(500, over.signal);
    }
  })();
  const rebuild = await replay(bed, 'run', 'orders');
  over.abort();
  await watching;
  return { rebuild, built };
};

const run = async (bed: Bed): Promise<void> => {
  await prepare(bed);
  const projector = await bed.startService('projector', 'projector/main.js');
  const api = await bed.startService('query-api', 'query-api/main.js');
  await folded(bed.pool, orders);
  console.log(`reading ${readsPerSecond}/s and writing ${writesPerSecond} orders/s from now on`);

  const { producer, codec } = bed;
  const redis = connectRedis(bed.environment['REDIS_URL'] ?? '', silentLog);
  await redisReady(redis, 10_000);
  const writer = new SteadyWriter({
    producer,
    codec,
    perSecond: writesPerSecond,
    from: orders,
    onAccepted: (appended) => rememberAccepted(redis, appended),
  });
  const reader = new SteadyReader(api.url, readsPerSecond, () => writer.end);
  const fromMs = performance.now();
  const cpuBefore = [projector, api].map(({ pid }) => cpuSecondsOf(pid));
  writer.start();
  await reader.start();
  await pause(calmMs);
  const { rebuild, built } = await watchReplay(bed);
  await pause(calmMs);
  await writer.stop();
  const result = await reader.stop();
  redis.disconnect();
  const toMs = performance.now();
  const cpu = [projector, api].map(({ pid }, at) => cpuSecondsOf(pid) - (cpuBefore[at] ?? 0));
  await folded(bed.pool, writer.end);

  const phases = phasesOf(rebuild, fromMs, toMs);
  console.log(tableOf(phases, result.reads));
  const title = `A view of ${orders} orders is rebuilt at ${readsPerSecond} reads and ${writesPerSecond} orders a second`;
  const svgFile = process.env['BENCH_SVG'];
  if (svgFile !== undefined) writeFileSync(svgFile, pictureOf(title, { phases, reads: result.reads, built }));
  console.log(
    `${writer.end - orders} orders written meanwhile; CPU of ${((toMs - fromMs) / 1000).toFixed(0)} s: projector ` +
      `${cpu[0]?.toFixed(1)} s, query-api ${cpu[1]?.toFixed(1)} s; ${result.stale} answers said that the view is behind`,
  );
  for (const why of [...result.failed, ...result.wentBack].slice(0, 10)) console.log(`  ${why}`);
  const said = (text: string): boolean => rebuild.lines.some((line) => line.text.startsWith(text));
  judge([
    [`${result.reads.length} reads, ${result.failed.length} failed`, result.failed.length === 0],
    [`${result.wentBack.length} reads went back`, result.wentBack.length === 0],
    ['verified: equal rows at equal offsets', said('verified')],
    [`switched, exit code ${rebuild.code}`, said('switched') && rebuild.code === 0],
    ['every order written meanwhile is in the view, decided', true],
  ]);
};

const main = async (): Promise<void> => {
  const load = loadavg()[0]?.toFixed(1);
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, load ${load}`);
  const bed = await startBed();
  try {
    await run(bed);
  } finally {
    await bed.stop();
  }
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
