import { createLogAdmin } from '../../chassis/kafka/admin';
import { kafkaConnection } from '../../chassis/kafka/connection';
import { deployContracts } from '../../schemas/deploy';
import { createRegistryClient } from '../../schemas/registry-client';

export interface ServersToDeployTo {
  readonly KAFKA_BROKERS: string;
  readonly SCHEMA_REGISTRY_URL: string;
}

/** Topics and schemas as the deploy step makes them; harmless when they are there. Throws when something differs. */
export const deployTestContracts = async (servers: ServersToDeployTo): Promise<void> => {
  const admin = createLogAdmin(
    kafkaConnection({ brokers: servers.KAFKA_BROKERS.split(','), clientId: 'test-deploy' }),
  );
  try {
    const problems = await deployContracts({
      admin,
      registry: createRegistryClient(servers.SCHEMA_REGISTRY_URL, 5_000),
      orderPartitions: 8,
      replicationFactor: 1,
      waitMs: 30_000,
      say: () => undefined,
    });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  } finally {
    await admin.stop();
  }
};
