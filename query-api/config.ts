import Joi from 'joi';
import { duration, origin, readSettings, type Environment, type Settings } from '../chassis/config';
import {
  authSettings,
  kafkaSettings,
  postgresSettings,
  processSettings,
  redisSettings,
  type AuthSettings,
  type KafkaSettings,
  type PostgresSettings,
  type ProcessSettings,
  type RedisSettings,
} from '../chassis/settings';
import { orderTopicsSettings, type OrderTopicsSettings } from '../schemas/topic-settings';

export interface QueryApiConfig
  extends ProcessSettings, KafkaSettings, PostgresSettings, RedisSettings, AuthSettings, OrderTopicsSettings {
  readonly WAITERS_MAX: number;
  readonly STREAMS_MAX: number;
  readonly CONNECTIONS_MAX: number;
  readonly REHEARSAL_ANSWERS: number;
  readonly DEPLOY_WAIT: number;
  readonly DRAIN_GRACE: number;
  readonly CONSOLE_COMMAND_ORIGIN?: string;
  readonly COMMAND_API_URL?: string;
  readonly SAGA_URL?: string;
  readonly PROJECTOR_URL?: string;
}

const atLeast = (least: number): Joi.NumberSchema => Joi.number().integer().min(least);

const processUrl = (of: string): Joi.Schema =>
  Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .description(
      `Address of ${of} as this process reaches it: the console shows its health and lag; unset: unknown`,
    );

export const queryApiSettings: Settings = {
  ...processSettings(8090),
  ...kafkaSettings,
  ...postgresSettings,
  ...redisSettings,
  ...authSettings,
  ...orderTopicsSettings,
  WAITERS_MAX: atLeast(0)
    .default(10_000)
    .description('Requests that wait for an order at once; the next one is answered as things stand'),
  STREAMS_MAX: atLeast(0)
    .default(2_000)
    .description('Event streams open at once; the next one is answered 503'),
  CONNECTIONS_MAX: atLeast(1).default(12_000).description('Open connections; the next one is closed'),
  REHEARSAL_ANSWERS: atLeast(0)
    .default(6_000)
    .description(
      'Answers that a starting process gives to a made-up crowd before it listens, so that the first real one is not slow; 0: none',
    ),
  DEPLOY_WAIT: duration().default(60_000).description('How long a starting process waits for the migrations'),
  DRAIN_GRACE: duration()
    .default(1_000)
    .description(
      'How long a stopping process still takes requests while it already says that it is not ready; a quarter of SHUTDOWN_TIMEOUT at most',
    ),
  CONSOLE_COMMAND_ORIGIN: origin().description(
    'Origin of the command API as an operator’s browser reaches it: the console sends redrive and discard there; unset: it shows the command to type. CONSOLE_ORIGIN over there admits it',
  ),
  COMMAND_API_URL: processUrl('command-api'),
  SAGA_URL: processUrl('the saga'),
  PROJECTOR_URL: processUrl('the projector'),
};

/** @throws ConfigError with every problem of the environment. */
export const readConfig = (environment: Environment): Readonly<QueryApiConfig> =>
  readSettings<QueryApiConfig>(queryApiSettings, environment);
