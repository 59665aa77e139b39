import { GenericContainer, Network, Wait, type StartedTestContainer } from 'testcontainers';
import type { StackVariables } from '../../stack/infrastructure';
import { freePort, loopback } from '../../stack/ports';
import { postgresName } from '../../stack/postgres';

/** The images of docker-compose.yml. */
const images = {
  kafka: 'apache/kafka:4.1.0',
  registry: 'confluentinc/cp-schema-registry:8.1.0',
  redis: 'redis:7.4-alpine',
  postgres: 'postgres:17-alpine',
};

/** Clients are told the host's port, so it has to be known before the broker starts; the registry comes inside. */
const kafka = (port: number): GenericContainer =>
  new GenericContainer(images.kafka)
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
      KAFKA_LISTENERS: 'OUTSIDE://:9092,INSIDE://:29092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `OUTSIDE://${loopback}:${port},INSIDE://kafka:29092`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'OUTSIDE:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    })
    .withExposedPorts({ container: 9092, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/));

const registry = (): GenericContainer =>
  new GenericContainer(images.registry)
    .withEnvironment({
      SCHEMA_REGISTRY_HOST_NAME: 'schema-registry',
      SCHEMA_REGISTRY_LISTENERS: 'http://0.0.0.0:8081',
      SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: 'PLAINTEXT://kafka:29092',
    })
    .withExposedPorts(8081)
    .withWaitStrategy(Wait.forHttp('/subjects', 8081));

const redis = (): GenericContainer =>
  new GenericContainer(images.redis)
    .withCommand(['redis-server', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/));

const postgres = (): GenericContainer =>
  new GenericContainer(images.postgres)
    .withEnvironment({
      POSTGRES_USER: postgresName,
      POSTGRES_PASSWORD: postgresName,
      POSTGRES_DB: postgresName,
    })
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2));

const at = (container: StartedTestContainer, port: number): string =>
  `${container.getHost()}:${container.getMappedPort(port)}`;

/** The four servers as containers on free ports, removed again by `stop` and, after a crash, by testcontainers. */
export const startContainers = async (): Promise<{
  variables: StackVariables;
  stop: () => Promise<void>;
}> => {
  const network = await new Network().start();
  const started: StartedTestContainer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(started.map((container) => container.stop()));
    await network.stop();
  };
  const start = async (container: GenericContainer, alias: string): Promise<StartedTestContainer> => {
    const running = await container.withNetwork(network).withNetworkAliases(alias).start();
    started.push(running);
    return running;
  };
  try {
    const kafkaPort = await freePort();
    const withRegistry = start(kafka(kafkaPort), 'kafka').then(() => start(registry(), 'schema-registry'));
    const [registryAt, redisAt, postgresAt] = await Promise.all([
      withRegistry,
      start(redis(), 'redis'),
      start(postgres(), 'postgres'),
    ]);
    const variables = {
      KAFKA_BROKERS: `${loopback}:${kafkaPort}`,
      SCHEMA_REGISTRY_URL: `http://${at(registryAt, 8081)}`,
      REDIS_URL: `redis://${at(redisAt, 6379)}`,
      DATABASE_URL: `postgres://${postgresName}:${postgresName}@${at(postgresAt, 5432)}/${postgresName}`,
    };
    return { variables, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
