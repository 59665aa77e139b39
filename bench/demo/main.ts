import Joi from 'joi';
import { ConfigError, readSettings, secret } from '../../chassis/config';
import {
  kafkaSettings,
  registrySettings,
  type KafkaSettings,
  type RegistrySettings,
} from '../../chassis/settings';
import { runDemo } from './run-demo';

interface DemoSettings extends KafkaSettings, RegistrySettings {
  readonly COMMAND_API_URL: string;
  readonly QUERY_API_URL: string;
  readonly PUBLIC_COMMAND_URL?: string;
  readonly PUBLIC_QUERY_URL?: string;
  readonly PAYMENT_JOURNAL_URL: string;
  readonly ADMIN_TOKEN: string;
  readonly ORDERS: number;
  readonly BUYERS: number;
  readonly CONCURRENCY: number;
  readonly SEED: number;
}

const url = (): Joi.StringSchema => Joi.string().uri({ scheme: ['http', 'https'] });

const settings = {
  ...kafkaSettings,
  ...registrySettings,
  COMMAND_API_URL: url().default('http://127.0.0.1:8080').description('Where to buy'),
  QUERY_API_URL: url().default('http://127.0.0.1:8090').description('Where to ask'),
  PUBLIC_COMMAND_URL: url().description('COMMAND_API_URL as the reader of the summary reaches it'),
  PUBLIC_QUERY_URL: url().description('QUERY_API_URL as the reader of the summary reaches it'),
  PAYMENT_JOURNAL_URL: url()
    .default('http://127.0.0.1:9103/journal')
    .description("The payment simulator's journal, to prove the charges"),
  ADMIN_TOKEN: secret().required().description('Bearer token that may stock items'),
  ORDERS: Joi.number().integer().min(1).max(1_000_000).default(2_000).description('Orders to press'),
  BUYERS: Joi.number().integer().min(1).max(100_000).default(500).description('Buyers who press'),
  CONCURRENCY: Joi.number().integer().min(1).max(5_000).default(200).description('Presses under way at once'),
  SEED: Joi.number().integer().default(1).description('The same seed presses the same orders'),
};

const main = async (): Promise<number> => {
  const read = readSettings<DemoSettings>(settings, process.env);
  return runDemo({
    commandUrl: read.COMMAND_API_URL,
    queryUrl: read.QUERY_API_URL,
    shownCommandUrl: read.PUBLIC_COMMAND_URL ?? read.COMMAND_API_URL,
    shownQueryUrl: read.PUBLIC_QUERY_URL ?? read.QUERY_API_URL,
    journalUrl: read.PAYMENT_JOURNAL_URL,
    adminToken: read.ADMIN_TOKEN,
    brokers: read.KAFKA_BROKERS.split(','),
    registryUrl: read.SCHEMA_REGISTRY_URL,
    orders: read.ORDERS,
    buyers: read.BUYERS,
    concurrency: read.CONCURRENCY,
    seed: read.SEED,
    print: (text) => process.stdout.write(text),
    isTerminal: process.stdout.isTTY,
  });
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const explained =
      error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : error;
    process.stderr.write(`${String(explained)}\n`);
    process.exit(2);
  },
);
