import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../chassis/deadline';
import { topics } from '../../schemas/topics';
import { claimPort } from '../../stack/ports';
import { startServer, type RunningServer } from '../../stack/server-process';
import type { BenchServers } from './servers';

export const saleId = 'bench';

export interface SagaOptions {
  readonly paymentLatencyMs: number;
  /** For the processor: such as `--cpu-prof`. */
  readonly nodeArgs: readonly string[];
  /** Of another build, to compare with. */
  readonly dist?: string;
}

/** The saga as shipped, with its built-in payment simulator. It logs to the folder of the servers. */
export const startSaga = async (servers: BenchServers, options: SagaOptions): Promise<RunningServer> => {
  const port = await claimPort(0, 'PORT');
  const url = `http://127.0.0.1:${port}`;
  return startServer(
    {
      name: 'saga',
      command: process.execPath,
      args: [...options.nodeArgs, join(options.dist ?? join(__dirname, '..', '..'), 'saga', 'main.js')],
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: String(port),
        LOG_LEVEL: 'info',
        KAFKA_BROKERS: servers.kafka.url,
        SCHEMA_REGISTRY_URL: servers.registry.url,
        REDIS_URL: servers.redis.url,
        SALE_ID: saleId,
        PAYMENT_URL: undefined,
        PAYMENT_LATENCY: String(options.paymentLatencyMs),
        PAYMENT_DECLINE_RATE: '0',
        PAYMENT_IN_FLIGHT_MAX: '4000',
      },
      logFile: join(servers.folder, 'saga.log'),
      stopSignal: 'SIGTERM',
    },
    {
      url,
      port,
      timeoutMs: 30_000,
      probe: async () => {
        const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) });
        if (!answer.ok) throw new Error(`/readyz says ${answer.status}`);
      },
    },
  );
};

/** User and system time of a process so far, ms. */
export const cpuMsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

export const outcomesInLog = async ({ admin }: BenchServers): Promise<number> =>
  (await admin.ranges(topics.orderOutcomes.name)).reduce((sum, { high }) => sum + high, 0);

/** Waits until the log holds so many outcomes (markers included). @throws when nothing comes for 20 s. */
export const untilOutcomes = async (servers: BenchServers, count: number): Promise<void> => {
  let last = -1;
  let progressAtMs = performance.now();
  for (;;) {
    const now = await outcomesInLog(servers);
    if (now >= count) return;
    if (now > last) progressAtMs = performance.now();
    last = now;
    if (performance.now() - progressAtMs > 20_000) throw new Error(`stuck at ${now} of ${count} outcomes`);
    await pause(20);
  }
};
