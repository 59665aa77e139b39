import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createLogAdmin } from '../../chassis/kafka/admin';
import { kafkaConnection } from '../../chassis/kafka/connection';
import type { LogProducer } from '../../chassis/kafka/log';
import { createLogProducer } from '../../chassis/kafka/producer';
import { silentLog } from '../../chassis/log';
import { createPool } from '../../chassis/postgres';
import { migrate } from '../../migrations/migrate';
import type { EventCodec } from '../../schemas/codec';
import { deployContracts } from '../../schemas/deploy';
import { createEventCodec } from '../../schemas/event-codec';
import { createRegistryClient } from '../../schemas/registry-client';
import { startInfrastructure } from '../../stack/infrastructure';
import { claimPort } from '../../stack/ports';
import { removePostgresData } from '../../stack/postgres';
import { startServer, type RunningServer } from '../../stack/server-process';
import { temporaryFolder } from '../../tests/support/temporary-folder';
import { orderPartitions } from '../order-events';

/** Servers of the program's own with tables, topics and schemas, on the same cores as what is measured. */
export interface Bed {
  readonly pool: Pool;
  readonly producer: LogProducer;
  readonly codec: EventCodec;
  readonly environment: NodeJS.ProcessEnv;
  /** Starts a service as shipped; `main` is below `dist/`. */
  startService(name: string, main: string): Promise<RunningServer>;
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;

const isReady = async (url: string): Promise<void> => {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
  if (!answer.ok) throw new Error(`/readyz says ${answer.status}`);
};

const deploy = async (brokers: string, registryUrl: string): Promise<void> => {
  const admin = createLogAdmin(kafkaConnection({ brokers: brokers.split(','), clientId: 'bench' }));
  await deployContracts({
    admin,
    registry: createRegistryClient(registryUrl, 10_000),
    orderPartitions,
    replicationFactor: 1,
    waitMs: 30_000,
    say: () => undefined,
  });
  await admin.stop();
};

export const startBed = async (): Promise<Bed> => {
  const folder = temporaryFolder();
  const infrastructure = await startInfrastructure({
    ports: { kafka: 0, registry: 0, redis: 0, postgres: 0 },
    dataDir: join(folder, 'data'),
    logDir: join(folder, 'logs'),
  });
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl, DATABASE_URL } = infrastructure.variables;
  await deploy(brokers, registryUrl);
  const pool = createPool({ url: DATABASE_URL, applicationName: 'bench', connectionsMax: 2 }, silentLog);
  await migrate(pool, { log: silentLog, lockWaitMs: 1_000 });
  const connection = kafkaConnection({ brokers: brokers.split(','), clientId: 'bench' });
  const producer = await createLogProducer(connection, { deadlineMs: 30_000 });
  const environment = { ...process.env, ...infrastructure.variables, HOST: '127.0.0.1', LOG_LEVEL: 'warn' };
  const services: RunningServer[] = [];
  return {
    pool,
    producer,
    codec: await createEventCodec({ registryUrl }),
    environment,
    startService: async (name, main) => {
      const port = await claimPort(0, 'PORT');
      const url = `http://127.0.0.1:${port}`;
      const service = await startServer(
        {
          name,
          command: process.execPath,
          args: [join(__dirname, '../..', main)],
          env: { ...environment, PORT: String(port), SCHEMA_CACHE_FILE: join(folder, `${name}.json`) },
          logFile: join(folder, `${name}.log`),
          stopSignal: 'SIGTERM',
        },
        { url, port, timeoutMs: readyWithinMs, probe: () => isReady(url) },
      );
      services.push(service);
      return service;
    },
    stop: async () => {
      await Promise.allSettled(services.map((service) => service.stop()));
      await producer.stop(2_000);
      await pool.end();
      await infrastructure.stop();
      removePostgresData(join(folder, 'data', 'postgres'));
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
