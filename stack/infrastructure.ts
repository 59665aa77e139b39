import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { redisUsers, securedKafka } from './access';
import { makeClassArchives } from './class-archives';
import { startKafka, type KafkaOptions } from './kafka';
import { grantRights } from './kafka-rights';
import type { Logins } from './logins';
import type { Report } from './maven';
import { claimPort } from './ports';
import { startPostgres } from './postgres';
import { startRedis, type RedisOptions } from './redis';
import { startRegistry } from './registry';
import { fetchServers } from './server-files';
import type { RunningServer } from './server-process';
import { modernRedis } from './tools';

/** What a service or a test needs to know of the servers, by the names of the environment variables. */
export interface StackVariables {
  readonly KAFKA_BROKERS: string;
  readonly SCHEMA_REGISTRY_URL: string;
  readonly REDIS_URL: string;
  readonly DATABASE_URL: string;
}

export interface Ports {
  readonly kafka: number;
  readonly registry: number;
  readonly redis: number;
  readonly postgres: number;
}

export interface InfrastructureOptions {
  /** 0 is a free port. */
  readonly ports: Ports;
  readonly dataDir: string;
  readonly logDir: string;
  readonly report?: Report;
  /** See ServerOptions. */
  readonly isShortLived?: boolean;
  /** See ServerOptions. */
  readonly sharesSession?: boolean;
  /** Ends a download; what has started by then is not stopped by it. */
  readonly signal?: AbortSignal;
  /** Given, Kafka and Redis let each user do what it may and nothing else. */
  readonly logins?: Logins | undefined;
}

export interface Infrastructure {
  readonly variables: StackVariables;
  readonly servers: readonly RunningServer[];
  readonly stop: () => Promise<void>;
}

/** Looked at before anything starts, so that a busy port is told at once. */
const claimAll = async (ports: Ports): Promise<Ports> => ({
  kafka: await claimPort(ports.kafka, 'KAFKA_PORT'),
  registry: await claimPort(ports.registry, 'SCHEMA_REGISTRY_PORT'),
  redis: await claimPort(ports.redis, 'REDIS_PORT'),
  postgres: await claimPort(ports.postgres, 'POSTGRES_PORT'),
});

const kafkaAccess = (logins: Logins | undefined): Pick<KafkaOptions, 'extraListeners' | 'settings'> =>
  logins ? securedKafka(logins.kafkaPort, logins.passwords) : {};

const redisAccess = (logins: Logins | undefined, dataDir: string): Pick<RedisOptions, 'extraArgs'> => {
  if (logins === undefined) return {};
  const aclFile = join(dataDir, 'users.acl');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(aclFile, redisUsers(logins.passwords, modernRedis() !== undefined), { mode: 0o600 });
  return { extraArgs: ['--aclfile', aclFile] };
};

/**
 * Starts Kafka, the Schema Registry, Redis and PostgreSQL at once and waits for all of them.
 * @throws the first failure, once everything that had started is stopped again.
 */
export const startInfrastructure = async (options: InfrastructureOptions): Promise<Infrastructure> => {
  const { dataDir, logDir, logins, report = () => undefined } = options;
  const ports = await claimAll(options.ports);
  const files = await fetchServers(report, options.signal);
  await makeClassArchives(files, report);
  const place = (name: keyof Ports, logName: string = name) => ({
    port: ports[name],
    dataDir: join(dataDir, name),
    logFile: join(logDir, `${logName}.log`),
    files,
    isShortLived: options.isShortLived ?? false,
    sharesSession: options.sharesSession ?? false,
  });
  const told = async (starting: Promise<RunningServer>): Promise<RunningServer> => {
    const server = await starting;
    report(`${server.name} answers on port ${server.port}`);
    return server;
  };
  const outcomes = await Promise.allSettled([
    told(startKafka({ ...place('kafka'), ...kafkaAccess(logins) })),
    told(startRegistry(place('registry', 'schema-registry'))),
    told(startRedis({ ...place('redis'), ...redisAccess(logins, place('redis').dataDir) })),
    told(startPostgres(place('postgres'))),
  ] as const);
  const servers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.allSettled(servers.map((server) => server.stop()));
  };
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  const [kafka, registry, redis, postgres] = servers;
  if (failed || !kafka || !registry || !redis || !postgres) {
    await stop();
    throw failed?.reason;
  }
  if (logins) {
    await grantRights(logins).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
  }
  const variables = {
    KAFKA_BROKERS: kafka.url,
    SCHEMA_REGISTRY_URL: registry.url,
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
  };
  return { variables, servers, stop };
};
