import { duration, readSettings, type Environment, type Settings } from '../../chassis/config';
import {
  kafkaSettings,
  postgresSettings,
  registrySettings,
  type KafkaSettings,
  type PostgresSettings,
  type RegistrySettings,
} from '../../chassis/settings';
import { stalledAfterMs } from '../../migrations/rebuilds/stalled';

export interface ReplayConfig extends KafkaSettings, RegistrySettings, PostgresSettings {
  readonly STALLED_AFTER: number;
}

export const replaySettings: Settings = {
  ...kafkaSettings,
  ...registrySettings,
  ...postgresSettings,
  STALLED_AFTER: duration()
    .default(stalledAfterMs)
    .description('A rebuild that comes no further for this long gives up and is called STALLED'),
};

/** @throws ConfigError with every problem of the environment. */
export const readConfig = (environment: Environment): Readonly<ReplayConfig> =>
  readSettings<ReplayConfig>(replaySettings, environment);
