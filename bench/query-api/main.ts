import { execFile, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pause } from '../../chassis/deadline';
import { claimPort } from '../../stack/ports';
import { tetherChild } from '../../stack/tether';
import { createDatabase } from '../../tests/support/database';
import { cpuSecondsOf } from '../cpu-seconds';
import { fillOrders, orderId } from './orders-table';
import { readOrders, type Reads } from './reads';

/**
 * Reads a second of `GET /orders/:id` of one query API over a table of a million orders, beside raw prepared selects
 * of the same rows through pg, turn by turn. On the servers that the environment names, in a database of its own. The
 * generator shares the machine. Ends with 1 when an answer was wrong.
 */
const orders = Number(process.env['BENCH_ORDERS'] ?? 1_000_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const durationMs = Number(process.env['BENCH_SECONDS'] ?? 5) * 1000;
const connectionCounts = [32, 128];

interface Server {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => void;
}

const startApi = async (databaseUrl: string): Promise<Server> => {
  const port = await claimPort(0, 'PORT');
  const child = spawn(process.execPath, [join(__dirname, '../../query-api/main.js')], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      DATABASE_URL: databaseUrl,
      PORT: String(port),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  tetherChild(child);
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return { url, pid: child.pid ?? 0, stop: () => child.kill('SIGTERM') };
    await pause(100);
  }
  child.kill('SIGKILL');
  throw new Error('the query API does not become ready');
};

type Measured = Reads & { readonly cpuSeconds: number };

const line = (name: string, connections: number, it: Measured): string =>
  [
    name.padEnd(12),
    String(connections).padStart(4),
    `${Math.round(it.answered / it.seconds)}/s`.padStart(9),
    `p50 ${it.p50Ms.toFixed(1)} ms`.padStart(13),
    `p99 ${it.p99Ms.toFixed(1)} ms`.padStart(13),
    `${((it.cpuSeconds / it.answered) * 1e6).toFixed(0)} µs CPU`.padStart(10),
    it.failed > 0 ? `${it.failed} wrong` : '',
  ].join('  ');

const readRaw = async (databaseUrl: string, connections: number): Promise<Measured> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(__dirname, 'raw-selects.js'), String(orders), String(connections), String(durationMs)],
    { env: { ...process.env, DATABASE_URL: databaseUrl } },
  );
  return JSON.parse(stdout) as Measured;
};

const readApi = async ({ url, pid }: Server, connections: number): Promise<Measured> => {
  const before = cpuSecondsOf(pid);
  const nextPath = (): string => `/orders/${orderId(Math.floor(Math.random() * orders))}`;
  const reads = await readOrders({ url, connections, durationMs, nextPath });
  return { ...reads, cpuSeconds: cpuSecondsOf(pid) - before };
};

const measureReads = async (databaseUrl: string, api: Server): Promise<number> => {
  let wrong = 0;
  await readOrders({
    url: api.url,
    connections: 32,
    durationMs: 2_000,
    nextPath: () => `/orders/${orderId(1)}`,
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

const main = async (): Promise<void> => {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${orders} orders`,
  );
  const database = await createDatabase();
  let api: Server | undefined;
  try {
    await fillOrders(database.url, orders);
    api = await startApi(database.url);
    if ((await measureReads(database.url, api)) > 0) process.exitCode = 1;
  } finally {
    api?.stop();
    await database.drop();
  }
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
