import type { ConnectionOptions } from 'node:tls';
import { createLogger, type KafkajsLogEntry, LEVELS } from 'kafkajs/src/loggers';
import type { KafkaSettings } from '../settings';

export interface KafkaLogger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface KafkaConnectionConfig {
  /** `host:port` each; one that answers is enough to find the others. */
  readonly brokers: readonly string[];
  /** Shows up in the brokers' logs and quotas. */
  readonly clientId: string;
  readonly ssl?: ConnectionOptions | undefined;
  readonly sasl?: KafkaSasl | undefined;
  /** TCP, TLS and SASL together; kafkajs' default of 1 s is what usually fails on a busy machine. Default 3 s. */
  readonly connectTimeoutMs?: number | undefined;
  /** How long a broker may take for an answer before its connections are given up. Default 3 s. */
  readonly requestTimeoutMs?: number | undefined;
}

/** What every adapter of this folder is made from; opens nothing by itself. */
export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl: ConnectionOptions | undefined;
  readonly sasl: KafkaSasl | undefined;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly logger: KafkaLogger;
}

const timeoutDefaultMs = 3_000;
const noLogger: KafkaLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Checks the addresses. Throws when there is none or one is not `host:port`. */
export const kafkaConnection = (config: KafkaConnectionConfig, logger = noLogger): KafkaConnection => {
  const wrong = config.brokers.filter((broker) => !/^\S+:\d{1,5}$/.test(broker));
  if (config.brokers.length === 0 || wrong.length > 0) {
    throw new Error(`Kafka brokers must be host:port, got ${JSON.stringify(config.brokers)}`);
  }
  return {
    brokers: config.brokers,
    clientId: config.clientId,
    ssl: config.ssl,
    sasl: config.sasl,
    connectTimeoutMs: config.connectTimeoutMs ?? timeoutDefaultMs,
    requestTimeoutMs: config.requestTimeoutMs ?? timeoutDefaultMs,
    logger,
  };
};

/** The connection that a service's Kafka settings describe. */
export const kafkaConnectionOf = (
  settings: KafkaSettings,
  clientId: string,
  logger?: KafkaLogger,
): KafkaConnection =>
  kafkaConnection(
    {
      brokers: settings.KAFKA_BROKERS.split(','),
      clientId,
      ssl: settings.KAFKA_SSL ? { ca: settings.KAFKA_SSL_CA } : undefined,
      sasl:
        settings.KAFKA_SASL_MECHANISM === undefined
          ? undefined
          : {
              mechanism: settings.KAFKA_SASL_MECHANISM,
              username: settings.KAFKA_SASL_USERNAME ?? '',
              password: settings.KAFKA_SASL_PASSWORD ?? '',
            },
    },
    logger,
  );

/**
 * kafkajs' own lines, one level lower: what it calls an error (a connection refused) is one failed attempt of ours,
 * and the adapters say themselves what an outage means. Nothing more is said of a link that was ended on purpose.
 */
export const kafkajsLogger = (logger: KafkaLogger, wanted: () => boolean): object =>
  createLogger({
    level: LEVELS.WARN,
    logCreator: () => (entry: KafkajsLogEntry) => {
      if (!wanted()) return;
      const line = `kafkajs ${entry.namespace}: ${entry.log.message}`;
      const fields = { broker: entry.log.broker };
      if (entry.level === LEVELS.ERROR) logger.warn(line, fields);
      else logger.debug(line, fields);
    },
  });
