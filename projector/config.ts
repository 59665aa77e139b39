import { duration, readSettings, type Environment, type Settings } from '../chassis/config';
import {
  kafkaSettings,
  postgresSettings,
  processSettings,
  registrySettings,
  stepBackSettings,
  tracingSettings,
  type KafkaSettings,
  type PostgresSettings,
  type ProcessSettings,
  type RegistrySettings,
  type StepBackSettings,
  type TracingSettings,
} from '../chassis/settings';
import { orderTopicsSettings, type OrderTopicsSettings } from '../schemas/topic-settings';

export interface ProjectorConfig
  extends
    ProcessSettings,
    KafkaSettings,
    RegistrySettings,
    TracingSettings,
    StepBackSettings,
    PostgresSettings,
    OrderTopicsSettings {
  readonly DEPLOY_WAIT: number;
}

export const projectorSettings: Settings = {
  ...processSettings(9102),
  ...kafkaSettings,
  ...registrySettings,
  ...tracingSettings,
  ...stepBackSettings,
  ...postgresSettings,
  ...orderTopicsSettings,
  DEPLOY_WAIT: duration()
    .default(60_000)
    .description('How long a starting process waits for topics, schemas and migrations'),
};

/** @throws ConfigError with every problem of the environment. */
export const readConfig = (environment: Environment): Readonly<ProjectorConfig> =>
  readSettings<ProjectorConfig>(projectorSettings, environment);
