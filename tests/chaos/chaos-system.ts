import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { claimPort } from '../../stack/ports';
import { startKafkaProxy, type KafkaProxy } from '../support/kafka-proxy';
import { ManagedProcess, type ProcessEvents } from './managed-process';
import type { ManagedServer } from './managed-server';
import { startPrivateStack, type PrivateStack, type StackOptions } from './private-stack';
import type { Random } from './random';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';

export const roles = ['payment-simulator', 'saga', 'projector', 'query-api', 'command-api'] as const;
export type Role = (typeof roles)[number];

/** Roles that have a test entry point under processes/. */
export type ServiceRole = Exclude<Role, 'payment-simulator' | 'query-api'>;

/** Roles that talk to Kafka, each over a link of its own. */
export const kafkaRoles = ['saga', 'projector', 'query-api', 'command-api'] as const;
export type KafkaRole = (typeof kafkaRoles)[number];

export type InstanceCounts = Readonly<Record<Role, number>>;
export const twoOfEach: InstanceCounts = {
  'payment-simulator': 1,
  saga: 2,
  projector: 2,
  'query-api': 2,
  'command-api': 2,
};

/** Every link that can be broken; payment and registry are shared by all roles. */
export interface Links {
  readonly kafka: Readonly<Record<KafkaRole, KafkaProxy>>;
  readonly sagaRedis: TcpProxy;
  readonly apiRedis: TcpProxy;
  readonly projectorPostgres: TcpProxy;
  readonly queryPostgres: TcpProxy;
  readonly registry: TcpProxy;
  readonly payment: TcpProxy;
}

export interface ChaosSystem {
  readonly stack: PrivateStack;
  readonly links: Links;
  readonly adminToken: string;
  readonly saleId: string;
  /** Addresses without a proxy between, for the supervisor's own eyes. */
  readonly direct: {
    readonly KAFKA_BROKERS: string;
    readonly SCHEMA_REGISTRY_URL: string;
    readonly REDIS_URL: string;
    readonly DATABASE_URL: string;
  };
  readonly journalFile: string;
  /** Of the run. */
  readonly folder: string;
  instances(role: Role): readonly ManagedProcess[];
  /** By its name, such as `saga-2`. */
  instance(name: string): ManagedProcess;
  all(): readonly ManagedProcess[];
  ready(): Promise<void>;
  /** Ends the services and the links, by force. */
  halt(): Promise<void>;
  /** Ends all, and removes the servers' data. Safe to call twice. */
  stop(): Promise<void>;
}

export interface ChaosSystemOptions extends StackOptions, ProcessEvents {
  readonly dist: string;
  readonly counts: InstanceCounts;
  readonly environment: NodeJS.ProcessEnv;
  readonly random: Random;
  /** Entry points other than the shipped ones. */
  readonly entries?: Partial<Readonly<Record<Role, string>>>;
}

const mains: Readonly<Record<Role, string>> = {
  'payment-simulator': 'saga/payment-simulator/main.js',
  saga: 'saga/main.js',
  projector: 'projector/main.js',
  'query-api': 'query-api/main.js',
  'command-api': 'command-api/main.js',
};
const adminToken = 'token-of-the-chaos-run';
const deployTimeoutMs = 90_000;
const run = promisify(execFile);

const addressOf = (url: string): string => new URL(url.includes('://') ? url : `tcp://${url}`).host;

const addressesOf = (servers: readonly ManagedServer[]): string => servers.map(({ url }) => url).join(',');

const openLinks = async (
  stack: PrivateStack,
  paymentAddress: string,
  random: Random,
): Promise<{ links: Links; close: () => Promise<void> }> => {
  const tcp = (address: string, name: string): Promise<TcpProxy> =>
    startTcpProxy(address, random.fork(`link ${name}`).next);
  const kafka: [KafkaRole, KafkaProxy][] = [];
  for (const role of kafkaRoles) kafka.push([role, await startKafkaProxy(stack.kafka.url)]);
  const links: Links = {
    kafka: Object.fromEntries(kafka) as Record<KafkaRole, KafkaProxy>,
    sagaRedis: await tcp(addressOf(stack.redis.url), 'saga-redis'),
    apiRedis: await tcp(addressOf(stack.redis.url), 'api-redis'),
    projectorPostgres: await tcp(addressOf(stack.postgres.url), 'projector-postgres'),
    queryPostgres: await tcp(addressOf(stack.postgres.url), 'query-postgres'),
    registry: await tcp(addressOf(stack.registry.url), 'registry'),
    payment: await tcp(paymentAddress, 'payment'),
  };
  const close = async (): Promise<void> => {
    const { sagaRedis, apiRedis, projectorPostgres, queryPostgres, registry, payment } = links;
    const tcpProxies = [sagaRedis, apiRedis, projectorPostgres, queryPostgres, registry, payment];
    const proxies = [...tcpProxies, ...kafka.map(([, proxy]) => proxy)];
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  };
  return { links, close };
};

const withPort = (url: string, port: number): string => {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.toString().replace(/\/$/, '');
};

/** What each role is told: its own links instead of the servers. */
const environmentOf = (role: Role, stack: PrivateStack, links: Links): NodeJS.ProcessEnv => {
  const isQuery = role === 'query-api';
  const isSaga = role === 'saga';
  const firstBroker = role === 'payment-simulator' ? stack.kafka.url : links.kafka[role].address;
  const otherBrokers = stack.brokers.slice(1).map(({ url }) => url);
  const postgres = isQuery ? links.queryPostgres : links.projectorPostgres;
  return {
    KAFKA_BROKERS: [firstBroker, ...otherBrokers].join(','),
    SCHEMA_REGISTRY_URL: withPort(stack.registry.url, links.registry.port),
    REDIS_URL: withPort(stack.redis.url, (isSaga ? links.sagaRedis : links.apiRedis).port),
    DATABASE_URL: withPort(stack.postgres.url, postgres.port),
    PAYMENT_URL: `http://127.0.0.1:${links.payment.port}`,
  };
};

const common: NodeJS.ProcessEnv = {
  HOST: '127.0.0.1',
  ADMIN_TOKEN: adminToken,
  LOG_LEVEL: 'info',
  SHUTDOWN_TIMEOUT: '8s',
  RATE_LIMIT_MAX_REQUESTS: '100000',
  // A second of CPU at each start, for crowds that no run has.
  REHEARSAL_ANSWERS: '0',
  // The defaults (30 s and 300 s) spare a cluster of many; the bounds of a run are seconds.
  CIRCUIT_BREAKER_BASE_TIMEOUT: '500ms',
  CIRCUIT_BREAKER_MAX_TIMEOUT: '2s',
  PAYMENT_LATENCY: '15ms',
  // The simulator shares two cores with everything else: 500 calls at once would all outlast their deadline.
  PAYMENT_IN_FLIGHT_MAX: '60',
  PAYMENT_DECLINE_RATE: '0.08',
};

const deploy = async (dist: string, stack: PrivateStack, environment: NodeJS.ProcessEnv): Promise<void> => {
  const env = {
    ...process.env,
    ...environment,
    KAFKA_BROKERS: addressesOf(stack.brokers),
    SCHEMA_REGISTRY_URL: stack.registry.url,
    DATABASE_URL: stack.postgres.url,
  };
  const steps = [['migrations/main.js', 'up'], ['schemas/main.js']];
  await Promise.all(
    steps.map(([main = '', ...more]) =>
      run(process.execPath, [join(dist, main), ...more], { env, timeout: deployTimeoutMs }),
    ),
  );
};

const planProcesses = async (
  options: ChaosSystemOptions,
  ports: ReadonlyMap<string, number>,
  stack: PrivateStack,
  links: Links,
): Promise<ReadonlyMap<string, ManagedProcess>> => {
  const { folder, dist, counts, onExit } = options;
  const processes = new Map<string, ManagedProcess>();
  for (const role of roles) {
    for (let number = 1; number <= counts[role]; number += 1) {
      const name = `${role}-${number}`;
      const port = ports.get(name) ?? 0;
      const environment = {
        ...process.env,
        ...common,
        ...environmentOf(role, stack, links),
        ...options.environment,
        PORT: String(port),
        SCHEMA_CACHE_FILE: join(folder, `${name}.schemas.json`),
        PAYMENT_JOURNAL_FILE: join(folder, 'payments.jsonl'),
        FAILPOINT_FILE: join(folder, `${name}.failpoint`),
      };
      const logFile = join(folder, 'logs', `${name}.log`);
      const main = options.entries?.[role] ?? join(dist, mains[role]);
      const failpointFile = environment.FAILPOINT_FILE;
      const plan = { name, main, port, environment, logFile, failpointFile };
      processes.set(name, new ManagedProcess(plan, { onExit }));
    }
  }
  return processes;
};

/** Starts servers, links and every instance, and waits until all are ready. */
export const startChaosSystem = async (options: ChaosSystemOptions): Promise<ChaosSystem> => {
  const stack = await startPrivateStack(options);
  const ports = new Map<string, number>();
  for (const role of roles) {
    for (let number = 1; number <= options.counts[role]; number += 1) {
      ports.set(`${role}-${number}`, await claimPort(0, 'PORT'));
    }
  }
  const payment = `127.0.0.1:${ports.get('payment-simulator-1') ?? 0}`;
  const { links, close } = await openLinks(stack, payment, options.random);
  const processes = await planProcesses(options, ports, stack, links);
  const all = (): readonly ManagedProcess[] => [...processes.values()];
  let halting: Promise<void> | undefined;
  const halt = (): Promise<void> =>
    (halting ??= Promise.allSettled(all().map((one) => one.hold('SIGKILL'))).then(close));
  const stop = async (): Promise<void> => {
    await halt();
    await stack.stop();
  };
  const ready = async (): Promise<void> => {
    await Promise.all(all().map((one) => one.ready()));
  };
  const system: ChaosSystem = {
    stack,
    links,
    adminToken,
    saleId: 'sale',
    direct: {
      KAFKA_BROKERS: addressesOf(stack.brokers),
      SCHEMA_REGISTRY_URL: stack.registry.url,
      REDIS_URL: stack.redis.url,
      DATABASE_URL: stack.postgres.url,
    },
    journalFile: join(options.folder, 'payments.jsonl'),
    folder: options.folder,
    instances: (role) => all().filter(({ name }) => name.startsWith(`${role}-`)),
    instance: (name) => {
      const found = processes.get(name);
      if (!found) throw new Error(`there is no ${name}`);
      return found;
    },
    all,
    ready,
    halt,
    stop,
  };
  try {
    await deploy(options.dist, stack, options.environment);
    for (const one of all()) one.launch();
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return system;
};
