import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeClassArchives } from '../../stack/class-archives';
import { startKafka } from '../../stack/kafka';
import { claimPort, freePort } from '../../stack/ports';
import { removePostgresData, startPostgres } from '../../stack/postgres';
import { startRedis } from '../../stack/redis';
import { startRegistry } from '../../stack/registry';
import { fetchServers } from '../../stack/server-files';
import { brokerSettings } from './brokers';
import { ManagedServer } from './managed-server';
import { mountSmallDisk, type SmallDisk } from './small-disk';

export interface StackOptions {
  readonly folder: string;
  readonly kafkaSettings?: Readonly<Record<string, string>>;
  readonly redisArgs?: readonly string[];
  /** Brokers in one cluster, each with all data; default 1. */
  readonly brokersCount?: number | undefined;
  /** Servers that get a disk of their own, of so many megabytes. */
  readonly diskMb?: Readonly<Partial<Record<ServerName, number>>>;
}

/** Servers of one run: ports and data of their own, so that anything may be done to them. */
export interface PrivateStack {
  readonly kafka: ManagedServer;
  readonly registry: ManagedServer;
  readonly redis: ManagedServer;
  readonly postgres: ManagedServer;
  /** All of them; `kafka` is the first. */
  readonly brokers: readonly ManagedServer[];
  readonly dataOf: (name: ServerName) => string;
  readonly disks: ReadonlyMap<ServerName, SmallDisk>;
  /** By force, and removes their data. */
  stop(): Promise<void>;
}

export type ServerName = 'kafka' | 'registry' | 'redis' | 'postgres';
export const serverNames: readonly ServerName[] = ['kafka', 'registry', 'redis', 'postgres'];

/** A server that was killed takes longer than one that was stopped, and longer still on a busy machine. */
const startTimeoutMs = 90_000;

type Place = Parameters<typeof startRedis>[0];

/** The first broker is where a single one would be; the others have ports and data beside it. */
const planBrokers = async (
  first: Place,
  { brokersCount = 1, kafkaSettings = {} }: StackOptions,
): Promise<readonly ManagedServer[]> => {
  const alone = () => startKafka({ ...first, settings: kafkaSettings });
  if (brokersCount === 1) return [new ManagedServer('kafka', alone)];
  const ports = await Promise.all(
    Array.from({ length: brokersCount }, async (_, index) => ({
      port: index === 0 ? first.port : await freePort(),
      controllerPort: await freePort(),
    })),
  );
  return ports.map(({ port }, index) => {
    const beside = index === 0 ? '' : `-${index + 1}`;
    const dataDir = `${first.dataDir}${beside}`;
    const settings = { ...brokerSettings(ports, index), ...kafkaSettings };
    return new ManagedServer(`kafka${beside}`, () => startKafka({ ...first, port, dataDir, settings }));
  });
};

/** Starts all four. @throws the first failure, once the others are stopped. */
export const startPrivateStack = async (options: StackOptions): Promise<PrivateStack> => {
  const files = await fetchServers();
  await makeClassArchives(files, () => undefined);
  const dataOf = (name: ServerName): string => join(options.folder, 'data', name);
  const place = async (name: ServerName) => ({
    port: await claimPort(0, 'PORT'),
    dataDir: dataOf(name),
    logFile: join(options.folder, 'logs', `${name}.log`),
    files,
    timeoutMs: startTimeoutMs,
    isShortLived: true,
  });
  const places = {
    kafka: await place('kafka'),
    registry: await place('registry'),
    redis: await place('redis'),
    postgres: await place('postgres'),
  };
  const brokers = await planBrokers(places.kafka, options);
  const servers = {
    registry: new ManagedServer('registry', () => startRegistry(places.registry)),
    redis: new ManagedServer('redis', () =>
      startRedis({ ...places.redis, extraArgs: options.redisArgs ?? [] }),
    ),
    postgres: new ManagedServer('postgres', () => startPostgres(places.postgres)),
  };
  const disks = new Map<ServerName, SmallDisk>();
  for (const name of serverNames) {
    const megabytes = options.diskMb?.[name];
    if (megabytes !== undefined) disks.set(name, mountSmallDisk(dataOf(name), megabytes));
  }
  const all = [...brokers, ...Object.values(servers)];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(all.map((server) => server.destroy()));
    for (const disk of disks.values()) disk.remove();
    removePostgresData(dataOf('postgres'));
    rmSync(join(options.folder, 'data'), { recursive: true, force: true });
  };
  const started = await Promise.allSettled(all.map((server) => server.start()));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { kafka: brokers[0]!, ...servers, brokers, dataOf, disks, stop };
};
