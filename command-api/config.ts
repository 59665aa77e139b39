import Joi from 'joi';
import {
  duration,
  formatDurationMs,
  origin,
  readSettings,
  type Environment,
  type Settings,
} from '../chassis/config';
import {
  authSettings,
  kafkaSettings,
  postgresSettings,
  processSettings,
  redisSettings,
  registrySettings,
  tracingSettings,
  type AuthSettings,
  type KafkaSettings,
  type PostgresSettings,
  type ProcessSettings,
  type RedisSettings,
  type RegistrySettings,
  type TracingSettings,
} from '../chassis/settings';
import { orderTopicsSettings, type OrderTopicsSettings } from '../schemas/topic-settings';

export interface CommandApiConfig
  extends
    ProcessSettings,
    KafkaSettings,
    RegistrySettings,
    TracingSettings,
    RedisSettings,
    AuthSettings,
    OrderTopicsSettings,
    Pick<PostgresSettings, 'DATABASE_URL'> {
  readonly RATE_LIMIT_MAX_REQUESTS: number;
  readonly RATE_LIMIT_WINDOW: number;
  readonly IDEMPOTENCY_TTL: number;
  readonly CIRCUIT_BREAKER_FAILURE_THRESHOLD: number;
  readonly CIRCUIT_BREAKER_SUCCESS_THRESHOLD: number;
  readonly CIRCUIT_BREAKER_BASE_TIMEOUT: number;
  readonly CIRCUIT_BREAKER_MAX_TIMEOUT: number;
  readonly IN_FLIGHT_MAX: number;
  readonly CONNECTIONS_MAX: number;
  readonly WORKERS: number;
  readonly DRAIN_GRACE: number;
  readonly PUBLIC_QUERY_URL: string;
  readonly CONSOLE_ORIGIN?: string;
}

/** Redis expires nothing after 0 ms and divides by no window of 0; Lua writes far larger numbers as 1e+15. */
const redisDuration = (): Joi.Schema => duration({ minMs: 1, maxMs: 365 * 24 * 3_600_000 });
const atLeast = (least: number): Joi.NumberSchema => Joi.number().integer().min(least);

export const commandApiSettings: Settings = {
  ...processSettings(8080),
  ...kafkaSettings,
  ...registrySettings,
  ...tracingSettings,
  ...redisSettings,
  ...authSettings,
  ...orderTopicsSettings,
  DATABASE_URL: (postgresSettings['DATABASE_URL'] as Joi.Schema).description(
    'PostgreSQL, where operators’ commands on dead letters find them; orders do without it',
  ),
  RATE_LIMIT_MAX_REQUESTS: atLeast(0)
    .max(100_000)
    .default(60)
    .description('Orders a user may place within RATE_LIMIT_WINDOW; 0 sets no limit'),
  RATE_LIMIT_WINDOW: redisDuration().default(60_000).description('Length of the sliding window'),
  IDEMPOTENCY_TTL: redisDuration()
    .default(600_000)
    .description('How long a repeat of an accepted command gets its answer from Redis'),
  CIRCUIT_BREAKER_FAILURE_THRESHOLD: atLeast(1)
    .default(5)
    .description('Failed sends in a row that open the breaker around Kafka'),
  CIRCUIT_BREAKER_SUCCESS_THRESHOLD: atLeast(1)
    .default(2)
    .description('Successful probes in a row that close it'),
  CIRCUIT_BREAKER_BASE_TIMEOUT: duration({ minMs: 1 })
    .default(30_000)
    .description('First pause before a probe; doubles with every failed one'),
  CIRCUIT_BREAKER_MAX_TIMEOUT: duration().default(300_000).description('Longest pause before a probe'),
  IN_FLIGHT_MAX: atLeast(1)
    .max(100_000)
    .default(4_096)
    .description('Commands under way at once; the next one is answered 503'),
  CONNECTIONS_MAX: atLeast(1).default(10_000).description('Open connections; the next one is closed'),
  WORKERS: atLeast(1)
    .max(64)
    .default(1)
    .description(
      'Processes that share the port, for a machine with cores to spare; IN_FLIGHT_MAX and CONNECTIONS_MAX are of each',
    ),
  DRAIN_GRACE: duration()
    .default(1_000)
    .description(
      'How long a stopping process still takes requests while it already says that it is not ready; a quarter of SHUTDOWN_TIMEOUT at most',
    ),
  PUBLIC_QUERY_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .default('')
    .description(
      'Address of the query API as buyers see it, put before /orders/… in answers; unset: same origin',
    ),
  CONSOLE_ORIGIN: origin().description(
    'Origin of the console, the one page whose script may send redrive and discard from a browser; unset: none may',
  ),
};

/** A longest pause below the first one would make the second pause the shorter one. */
const breakerFaults = (config: CommandApiConfig): readonly string[] => {
  const { CIRCUIT_BREAKER_BASE_TIMEOUT: baseMs, CIRCUIT_BREAKER_MAX_TIMEOUT: maxMs } = config;
  if (maxMs >= baseMs) return [];
  return [
    `CIRCUIT_BREAKER_MAX_TIMEOUT (${formatDurationMs(maxMs)}) must be no shorter than CIRCUIT_BREAKER_BASE_TIMEOUT (${formatDurationMs(baseMs)})`,
  ];
};

/** @throws ConfigError with every problem of the environment. */
export const readConfig = (environment: Environment): CommandApiConfig =>
  readSettings<CommandApiConfig>(commandApiSettings, environment, breakerFaults);
