import { ConfigError, readSettings, type Environment } from '../chassis/config';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnectionOf } from '../chassis/kafka/connection';
import { InfrastructureError } from '../chassis/kafka/log';
import { deployContracts } from './deploy';
import { deploySettings, type DeploySettings } from './deploy-settings';
import { createRegistryClient } from './registry-client';

const registryTimeoutMs = 10_000;

const deploy = async (environment: Environment): Promise<readonly string[]> => {
  const settings = readSettings<DeploySettings>(deploySettings, environment);
  const admin = createLogAdmin(kafkaConnectionOf(settings, 'deploy'));
  try {
    return await deployContracts({
      admin,
      registry: createRegistryClient(settings.SCHEMA_REGISTRY_URL, registryTimeoutMs),
      orderPartitions: settings.ORDER_PARTITIONS,
      replicationFactor: settings.REPLICATION_FACTOR,
      waitMs: settings.DEPLOY_TIMEOUT,
      say: (line) => console.log(line),
    });
  } finally {
    await admin.stop();
  }
};

/** sysexits(3): 69 a server does not answer, 78 the environment is not usable; 1 what a person has to decide. */
const exitCodeOf = (error: unknown): number => {
  if (error instanceof ConfigError) return 78;
  return error instanceof InfrastructureError ? 69 : 1;
};

deploy(process.env)
  .then((problems) => {
    if (problems.length === 0) {
      console.log('Topics and schemas are as this release wants them.');
      return;
    }
    console.error('This needs a person; nothing that exists was changed:');
    for (const problem of problems) console.error(`  - ${problem}`);
    process.exitCode = 1;
  })
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = exitCodeOf(error);
  });
