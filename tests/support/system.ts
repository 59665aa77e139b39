import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startInfrastructure, type Infrastructure } from '../../stack/infrastructure';
import { startKafka } from '../../stack/kafka';
import { claimPort } from '../../stack/ports';
import { removePostgresData, startPostgres } from '../../stack/postgres';
import { projectRoot } from '../../stack/project-root';
import { startRedis } from '../../stack/redis';
import { startServer, type RunningServer } from '../../stack/server-process';
import { temporaryFolder } from './temporary-folder';

/** The whole system as child processes on servers of its own, so that a test may kill any part of it. */
export interface TestSystem {
  readonly infrastructure: Infrastructure;
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly journalUrl: string;
  readonly adminToken: string;
  /** A running process of ours by its name. */
  process(name: ServiceName): RunningServer;
  /** Starts one again after it was killed, with the same port and environment. */
  restart(name: ServiceName): Promise<RunningServer>;
  /** Stops one of the servers and gives back what starts it again, on the same port and data. */
  stopServer(name: ServerName): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

export const serviceNames = ['payment-simulator', 'saga', 'projector', 'query-api', 'command-api'] as const;
export type ServerName = keyof typeof serverStarters;
export type ServiceName = (typeof serviceNames)[number];

const serverStarters = { kafka: startKafka, redis: startRedis, postgres: startPostgres };

const mains: Readonly<Record<ServiceName, string>> = {
  'payment-simulator': 'saga/payment-simulator/main.js',
  saga: 'saga/main.js',
  projector: 'projector/main.js',
  'query-api': 'query-api/main.js',
  'command-api': 'command-api/main.js',
};

const adminToken = 'token-of-the-test';
const readyTimeoutMs = 60_000;
const deployTimeoutMs = 60_000;
const run = promisify(execFile);

const dist = (main: string): string => {
  const file = join(projectRoot(), 'dist', main);
  if (!existsSync(file))
    throw new Error(`dist/${main} is missing: run \`make build\` before the end-to-end tests`);
  return file;
};

const isReady = async (port: number): Promise<void> => {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
  if (!answer.ok) throw new Error(`/readyz says ${answer.status}`);
};

/** Environment variables for all processes; a function of the addresses that they will have, where they need those. */
export type MoreVariables = NodeJS.ProcessEnv | ((url: (name: ServiceName) => string) => NodeJS.ProcessEnv);

interface Plan {
  readonly ports: ReadonlyMap<ServiceName, number>;
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
}

const startService = (name: ServiceName, plan: Plan): Promise<RunningServer> => {
  const port = plan.ports.get(name) ?? 0;
  return startServer(
    {
      name,
      command: process.execPath,
      args: ['--enable-source-maps', dist(mains[name])],
      env: {
        ...plan.environment,
        PORT: String(port),
        SCHEMA_CACHE_FILE: join(plan.folder, `${name}.schemas.json`),
        PAYMENT_JOURNAL_FILE: join(plan.folder, 'payments.jsonl'),
      },
      logFile: join(plan.folder, 'logs', `${name}.log`),
      stopSignal: 'SIGTERM',
    },
    { url: `http://127.0.0.1:${port}`, port, timeoutMs: readyTimeoutMs, probe: () => isReady(port) },
  );
};

const urlOf = (ports: ReadonlyMap<ServiceName, number>, name: ServiceName): string =>
  `http://127.0.0.1:${ports.get(name) ?? 0}`;

const environmentOf = (
  infrastructure: Infrastructure,
  ports: ReadonlyMap<ServiceName, number>,
  more: MoreVariables,
): NodeJS.ProcessEnv => ({
  ...process.env,
  ...infrastructure.variables,
  HOST: '127.0.0.1',
  ADMIN_TOKEN: adminToken,
  PAYMENT_URL: urlOf(ports, 'payment-simulator'),
  RATE_LIMIT_MAX_REQUESTS: '100000',
  REHEARSAL_ANSWERS: '0',
  ...(typeof more === 'function' ? more((name) => urlOf(ports, name)) : more),
});

const deploy = async (environment: NodeJS.ProcessEnv): Promise<void> => {
  await Promise.all(
    [['migrations/main.js', 'up'], ['schemas/main.js']].map(([main = '', ...args]) =>
      run(process.execPath, [dist(main), ...args], { env: environment, timeout: deployTimeoutMs }),
    ),
  );
};

/**
 * Starts servers on free ports, deploys tables, topics and schemas, and starts the five processes.
 * @param more such as `PAYMENT_DECLINE_RATE`
 */
export const startSystem = async (more: MoreVariables = {}): Promise<TestSystem> => {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const infrastructure = await startInfrastructure({
    ports: { kafka: 0, registry: 0, redis: 0, postgres: 0 },
    dataDir,
    logDir: join(folder, 'logs'),
    // Not for a benchmark, which wants the compiler's best.
    isShortLived: process.env['JEST_WORKER_ID'] !== undefined,
  });
  const ports = new Map<ServiceName, number>();
  for (const name of serviceNames) ports.set(name, await claimPort(0, 'PORT'));
  const plan: Plan = { ports, environment: environmentOf(infrastructure, ports, more), folder };
  const running = new Map<ServiceName, RunningServer>();

  const restarted: RunningServer[] = [];
  const stopServer = async (name: ServerName): Promise<() => Promise<void>> => {
    const server = [...restarted, ...infrastructure.servers].find((one) => one.name === name);
    if (!server) throw new Error(`${name} does not run`);
    await server.stop();
    const { port, logFile } = server;
    return async () => {
      restarted.unshift(await serverStarters[name]({ port, logFile, dataDir: join(dataDir, name) }));
    };
  };
  const stop = async (): Promise<void> => {
    for (const name of [...serviceNames].reverse()) await running.get(name)?.stop();
    await Promise.all(restarted.map((server) => server.stop()));
    await infrastructure.stop();
    removePostgresData(join(dataDir, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  };
  const restart = async (name: ServiceName): Promise<RunningServer> => {
    const started = await startService(name, plan);
    running.set(name, started);
    return started;
  };
  try {
    await deploy(plan.environment);
    await Promise.all(serviceNames.map(restart));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    infrastructure,
    commandUrl: urlOf(ports, 'command-api'),
    queryUrl: urlOf(ports, 'query-api'),
    journalUrl: `${urlOf(ports, 'payment-simulator')}/journal`,
    adminToken,
    process: (name) => {
      const found = running.get(name);
      if (!found) throw new Error(`${name} does not run`);
      return found;
    },
    restart,
    stopServer,
    stop,
  };
};
