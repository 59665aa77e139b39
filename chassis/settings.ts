import Joi from 'joi';
import { duration, secret, type Settings } from './config';

/**
 * The settings that several services share, described once. Each group has the type of what is read;
 * a service spreads the groups it needs into its own `config.ts`.
 */

export interface ProcessSettings {
  readonly LOG_LEVEL: 'error' | 'warn' | 'info' | 'debug';
  readonly SHUTDOWN_TIMEOUT: number;
  readonly HOST: string;
  readonly PORT: number;
}

export const processSettings = (portDefault: number): Settings => ({
  LOG_LEVEL: Joi.string()
    .valid('error', 'warn', 'info', 'debug')
    .default('info')
    .description('Least level logged'),
  SHUTDOWN_TIMEOUT: duration()
    .default(30_000)
    .description('How long a stop may take before the process is ended'),
  HOST: Joi.string().default('0.0.0.0').description('Address to listen on'),
  PORT: Joi.number().port().default(portDefault).description('HTTP port; 0 takes a free one'),
});

export interface TracingSettings {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  readonly OTEL_EXPORTER_OTLP_HEADERS?: string;
  readonly OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' | 'traceidratio';
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

const headerPairs = /^[^=,\s]+=(%[0-9A-Fa-f]{2}|[^%,])*(,[^=,\s]+=(%[0-9A-Fa-f]{2}|[^%,])*)*$/;

/** OpenTelemetry's own names, so that what an operator knows of other services holds here. */
export const tracingSettings: Settings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .description('Base address of a trace collector that speaks OTLP over HTTP; unset: no traces'),
  OTEL_EXPORTER_OTLP_HEADERS: secret()
    .pattern(headerPairs)
    .messages({ 'string.pattern.base': '{{#label}} must be name=value, several separated by commas' })
    .description('Headers for the collector, such as its token: name=value, several separated by commas'),
  OTEL_TRACES_SAMPLER: Joi.string()
    .valid('parentbased_traceidratio', 'traceidratio')
    .default('parentbased_traceidratio')
    .description(
      'parentbased_…: a caller whose traceparent is sampled is traced; traceidratio: only our share is',
    ),
  OTEL_TRACES_SAMPLER_ARG: Joi.number()
    .min(0)
    .max(1)
    .default(0.01)
    .description('Share of the orders that are traced, 0 to 1'),
};

export interface StepBackSettings {
  readonly STEP_BACK_UP_TO: number;
}

/** Of what follows the log. */
export const stepBackSettings: Settings = {
  STEP_BACK_UP_TO: duration()
    .default(0)
    .description(
      'While thousands of records a second arrive and cores are scarce, rest ten times as long as it worked, so that accepting comes first, until a record has waited for this long; 0: never rest',
    ),
};

export interface KafkaSettings {
  readonly KAFKA_BROKERS: string;
  readonly KAFKA_SSL: boolean;
  readonly KAFKA_SSL_CA?: string;
  readonly KAFKA_SASL_MECHANISM?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly KAFKA_SASL_USERNAME?: string;
  readonly KAFKA_SASL_PASSWORD?: string;
}

const brokerList = /^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/;

export const kafkaSettings: Settings = {
  KAFKA_BROKERS: Joi.string()
    .pattern(brokerList)
    .default('127.0.0.1:9092')
    .messages({ 'string.pattern.base': '{{#label}} must be host:port, several separated by commas' })
    .description('Kafka bootstrap servers, host:port separated by commas'),
  KAFKA_SSL: Joi.boolean().default(false).description('Speak TLS to Kafka'),
  KAFKA_SSL_CA: secret().description(
    'PEM of the authority that signed the brokers (KAFKA_SSL_CA_FILE names a file)',
  ),
  KAFKA_SASL_MECHANISM: Joi.string()
    .valid('plain', 'scram-sha-256', 'scram-sha-512')
    .description('SASL mechanism; unset: none'),
  KAFKA_SASL_USERNAME: Joi.string()
    .when('KAFKA_SASL_MECHANISM', { is: Joi.exist(), then: Joi.required() })
    .description('SASL user'),
  KAFKA_SASL_PASSWORD: secret()
    .when('KAFKA_SASL_MECHANISM', { is: Joi.exist(), then: Joi.required() })
    .description('SASL password'),
};

export interface RegistrySettings {
  readonly SCHEMA_REGISTRY_URL: string;
  readonly SCHEMA_CACHE_FILE?: string;
}

export const registrySettings: Settings = {
  SCHEMA_REGISTRY_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .default('http://127.0.0.1:8081')
    .description('Base address of the Confluent-compatible Schema Registry API'),
  SCHEMA_CACHE_FILE: Joi.string().description(
    'Where schema ids known at start are kept, so that a service starts while the registry is down',
  ),
};

export interface RedisSettings {
  readonly REDIS_URL: string;
  readonly REDIS_SSL_CA?: string;
  readonly SALE_ID: string;
}

const redisAddresses = /^rediss?:\/\/[^\s,]+(,rediss?:\/\/[^\s,]+)*$/;

export const redisSettings: Settings = {
  REDIS_URL: secret()
    .pattern(redisAddresses)
    .default('redis://127.0.0.1:6379')
    .messages({ 'string.pattern.base': '{{#label}} must be redis://host:port or rediss://host:port' })
    .description('Redis; rediss:// speaks TLS; of a Redis Cluster two nodes or more, separated by commas'),
  REDIS_SSL_CA: secret().description(
    'PEM of the authority that signed the certificate of a rediss:// server (REDIS_SSL_CA_FILE names a file)',
  ),
  SALE_ID: Joi.string()
    .pattern(/^[A-Za-z0-9_-]{1,40}$/)
    .default('sale')
    .description('Hash tag of all keys of this sale: one sale lives on one Redis primary'),
};

export interface PostgresSettings {
  readonly DATABASE_URL: string;
  readonly DATABASE_POOL_MAX: number;
}

export const postgresSettings: Settings = {
  DATABASE_URL: secret()
    .uri({ scheme: ['postgres', 'postgresql'] })
    .default('postgres://flash_sale:flash_sale@127.0.0.1:5432/flash_sale')
    .description(
      'PostgreSQL; append ?sslmode=verify-full for TLS, and &sslrootcert=/path of the authority’s PEM',
    ),
  DATABASE_POOL_MAX: Joi.number()
    .integer()
    .min(1)
    .max(100)
    .default(10)
    .description('Connections a process may hold'),
};

export interface AuthSettings {
  readonly AUTH_MODE: 'none' | 'jwt';
  readonly JWT_SECRET?: string;
  readonly JWT_JWKS_URL?: string;
  readonly JWT_ISSUER?: string;
  readonly JWT_AUDIENCE?: string;
  readonly JWT_ALGORITHMS?: string;
  readonly ADMIN_TOKEN?: string;
}

const withJwt = (schema: Joi.Schema): Joi.Schema =>
  schema.when('AUTH_MODE', { is: 'jwt', then: Joi.required() });
const algorithmList = /^(HS|RS|PS|ES)(256|384|512)(,(HS|RS|PS|ES)(256|384|512))*$|^EdDSA$/;

export const adminSettings: Settings = {
  ADMIN_TOKEN: secret().description('Bearer token of operators; their routes are off without it'),
};

export const authSettings: Settings = {
  ...adminSettings,
  AUTH_MODE: Joi.string()
    .valid('none', 'jwt')
    .default('none')
    .description('Who buyers are: none trusts user_id in the body, jwt takes the subject of a bearer token'),
  JWT_SECRET: secret()
    .min(32)
    .when('AUTH_MODE', {
      is: 'jwt',
      then: Joi.when('JWT_JWKS_URL', { not: Joi.exist(), then: Joi.required() }),
    })
    .messages({ 'any.required': '{{#label}} or JWT_JWKS_URL is required when AUTH_MODE is jwt' })
    .description('Shared secret of HMAC-signed tokens, at least 32 characters'),
  JWT_JWKS_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .description('Where the issuer publishes its keys; takes precedence over JWT_SECRET'),
  JWT_ISSUER: withJwt(Joi.string()).description('Required `iss` of a token'),
  JWT_AUDIENCE: withJwt(Joi.string()).description('Required `aud` of a token'),
  JWT_ALGORITHMS: Joi.string()
    .pattern(algorithmList)
    .messages({ 'string.pattern.base': '{{#label}} must be names such as RS256,ES256' })
    .description('Accepted signature algorithms; unset: HS256 with a secret, RS256,ES256 with JWT_JWKS_URL'),
};
