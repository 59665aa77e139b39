import { duration, readSettings, type Environment, type Settings } from '../chassis/config';
import { postgresSettings, processSettings, type PostgresSettings } from '../chassis/settings';

export const settings: Settings = {
  LOG_LEVEL: processSettings(0)['LOG_LEVEL'] as Settings[string],
  DATABASE_URL: postgresSettings['DATABASE_URL'] as Settings[string],
  DATABASE_WAIT: duration()
    .default(60_000)
    .description('How long to wait for PostgreSQL to answer, and for another deploy step to finish'),
};

export interface MigrationsConfig extends Pick<PostgresSettings, 'DATABASE_URL'> {
  readonly LOG_LEVEL: string;
  readonly DATABASE_WAIT: number;
}

export const readConfig = (environment: Environment): Readonly<MigrationsConfig> =>
  readSettings<MigrationsConfig>(settings, environment);
