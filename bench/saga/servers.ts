import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createLogAdmin } from '../../chassis/kafka/admin';
import { kafkaConnection, type KafkaConnection } from '../../chassis/kafka/connection';
import type { LogAdmin, LogProducer, LogReader } from '../../chassis/kafka/log';
import { createLogProducer } from '../../chassis/kafka/producer';
import { createLogReader } from '../../chassis/kafka/reader';
import type { EventCodec } from '../../schemas/codec';
import { deployContracts } from '../../schemas/deploy';
import { createEventCodec } from '../../schemas/event-codec';
import { createRegistryClient } from '../../schemas/registry-client';
import { startKafka } from '../../stack/kafka';
import { startRedis } from '../../stack/redis';
import { startRegistry } from '../../stack/registry';
import type { RunningServer } from '../../stack/server-process';
import { temporaryFolder } from '../../tests/support/temporary-folder';

/** Kafka, registry and Redis of the benchmark's own, on the same cores as what is measured, and ways to them. */
export interface BenchServers {
  readonly folder: string;
  readonly kafka: RunningServer;
  readonly redis: RunningServer;
  readonly registry: RunningServer;
  readonly connection: KafkaConnection;
  readonly admin: LogAdmin;
  readonly producer: LogProducer;
  readonly reader: LogReader;
  readonly codec: EventCodec;
  stop(): Promise<void>;
}

export const partitions = 8;

export const startBenchServers = async (): Promise<BenchServers> => {
  const folder = temporaryFolder();
  const place = (name: string) => ({
    port: 0,
    dataDir: join(folder, name),
    logFile: join(folder, `${name}.log`),
  });
  const [kafka, registry, redis] = await Promise.all([
    startKafka(place('kafka')),
    startRegistry(place('registry')),
    startRedis(place('redis')),
  ]);
  const connection = kafkaConnection({ brokers: kafka.url.split(','), clientId: 'bench' });
  const admin = createLogAdmin(connection);
  await deployContracts({
    admin,
    registry: createRegistryClient(registry.url, 10_000),
    orderPartitions: partitions,
    replicationFactor: 1,
    waitMs: 30_000,
    say: () => undefined,
  });
  const producer = await createLogProducer(connection, { deadlineMs: 60_000, queueMax: 100_000 });
  return {
    folder,
    kafka,
    redis,
    registry,
    connection,
    admin,
    producer,
    reader: createLogReader(connection),
    codec: await createEventCodec({ registryUrl: registry.url }),
    stop: async () => {
      await producer.stop(5_000);
      await admin.stop();
      await Promise.allSettled([kafka, registry, redis].map((server) => server.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
