import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startKafka } from '../../stack/kafka';
import { claimPort } from '../../stack/ports';
import { removePostgresData, startPostgres } from '../../stack/postgres';
import { startRedis } from '../../stack/redis';
import { startRegistry } from '../../stack/registry';
import { fetchServers } from '../../stack/server-files';
import { ManagedServer } from './managed-server';

export interface StackOptions {
  readonly folder: string;
  readonly kafkaSettings?: Readonly<Record<string, string>>;
  readonly redisArgs?: readonly string[];
}

/** Servers of one run: ports and data of their own, so that anything may be done to them. */
export interface PrivateStack {
  readonly kafka: ManagedServer;
  readonly registry: ManagedServer;
  readonly redis: ManagedServer;
  readonly postgres: ManagedServer;
  readonly dataOf: (name: ServerName) => string;
  stop(): Promise<void>;
}

export type ServerName = 'kafka' | 'registry' | 'redis' | 'postgres';
export const serverNames: readonly ServerName[] = ['kafka', 'registry', 'redis', 'postgres'];

/** A server that was killed takes longer than one that was stopped, and longer still on a busy machine. */
const startTimeoutMs = 90_000;

/** Starts all four. @throws the first failure, once the others are stopped. */
export const startPrivateStack = async (options: StackOptions): Promise<PrivateStack> => {
  const files = await fetchServers();
  const dataOf = (name: ServerName): string => join(options.folder, 'data', name);
  const place = async (name: ServerName) => ({
    port: await claimPort(0, 'PORT'),
    dataDir: dataOf(name),
    logFile: join(options.folder, 'logs', `${name}.log`),
    files,
    timeoutMs: startTimeoutMs,
  });
  const places = {
    kafka: await place('kafka'),
    registry: await place('registry'),
    redis: await place('redis'),
    postgres: await place('postgres'),
  };
  const servers = {
    kafka: new ManagedServer('kafka', () =>
      startKafka({ ...places.kafka, settings: options.kafkaSettings ?? {} }),
    ),
    registry: new ManagedServer('registry', () => startRegistry(places.registry)),
    redis: new ManagedServer('redis', () =>
      startRedis({ ...places.redis, extraArgs: options.redisArgs ?? [] }),
    ),
    postgres: new ManagedServer('postgres', () => startPostgres(places.postgres)),
  };
  const stop = async (): Promise<void> => {
    await Promise.allSettled(serverNames.map((name) => servers[name].stop()));
    removePostgresData(dataOf('postgres'));
    rmSync(join(options.folder, 'data'), { recursive: true, force: true });
  };
  const started = await Promise.allSettled(serverNames.map((name) => servers[name].start()));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { ...servers, dataOf, stop };
};
