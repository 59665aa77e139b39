import { readSettings, type Environment, type Settings } from '../../chassis/config';
import {
  kafkaSettings,
  postgresSettings,
  registrySettings,
  type KafkaSettings,
  type PostgresSettings,
  type RegistrySettings,
} from '../../chassis/settings';

export interface ReplayConfig extends KafkaSettings, RegistrySettings, PostgresSettings {}

export const replaySettings: Settings = { ...kafkaSettings, ...registrySettings, ...postgresSettings };

/** @throws ConfigError with every problem of the environment. */
export const readConfig = (environment: Environment): Readonly<ReplayConfig> =>
  readSettings<ReplayConfig>(replaySettings, environment);
