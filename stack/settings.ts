import Joi from 'joi';
import { duration, origin, readSettings, secret, type Environment, type Settings } from '../chassis/config';
import { stackKinds, type StackKind } from './choose';

/** `idle`: Linux's policy of that name. A process under it gives way at once, a nice one when its slice of 3 ms is over. */
export type Niceness = number | 'idle';

/** The launcher's own settings; everything else in the environment goes on to the services as it is. */
export interface StackSettings {
  readonly STACK?: StackKind;
  readonly STACK_ACCESS: 'open' | 'enforced';
  readonly KAFKA_PORT: number;
  readonly SCHEMA_REGISTRY_PORT: number;
  readonly REDIS_PORT: number;
  readonly POSTGRES_PORT: number;
  readonly COMMAND_API_PORT: number;
  readonly QUERY_API_PORT: number;
  readonly SAGA_PORT: number;
  readonly PROJECTOR_PORT: number;
  readonly PAYMENT_SIMULATOR_PORT: number;
  readonly PAYMENT_URL?: string;
  readonly FOLLOWERS_NICE: Niceness;
  readonly STEP_BACK_UP_TO: number;
  readonly REFUSAL_DETAIL: boolean;
  readonly ADMIN_TOKEN: string;
  readonly CONSOLE_ORIGIN?: string;
  readonly CONSOLE_COMMAND_ORIGIN?: string;
  readonly SHUTDOWN_TIMEOUT: number;
}

/** Known to everybody: good enough for a stack that listens on loopback only. */
export const demoAdminToken = 'flash-sale-local-admin';

const port = (standard: number, of: string): Joi.Schema =>
  Joi.number().port().min(1).default(standard).description(`Port of ${of}`);

export const stackSettings: Settings = {
  STACK: Joi.string()
    .valid(...stackKinds)
    .description(
      'Where Kafka, Registry, Redis and PostgreSQL come from; unset: docker when an engine answers',
    ),
  STACK_ACCESS: Joi.string()
    .valid('open', 'enforced')
    .default('open')
    .description(
      'enforced (STACK=local): each service has a user at Kafka and Redis with the rights of production, all others may only look',
    ),
  KAFKA_PORT: port(9092, 'Kafka'),
  SCHEMA_REGISTRY_PORT: port(8081, 'the Schema Registry'),
  REDIS_PORT: port(6379, 'Redis'),
  POSTGRES_PORT: port(5432, 'PostgreSQL'),
  COMMAND_API_PORT: port(8080, 'command-api'),
  QUERY_API_PORT: port(8090, 'query-api and the console'),
  SAGA_PORT: port(9101, "the saga's health and metrics"),
  PROJECTOR_PORT: port(9102, "the projector's health and metrics"),
  PAYMENT_SIMULATOR_PORT: port(9103, 'the payment simulator'),
  PAYMENT_URL: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .description('Payment provider; unset: the simulator is started'),
  FOLLOWERS_NICE: Joi.alternatives(Joi.number().integer().min(0).max(19), Joi.valid('idle'))
    .default(10)
    .description(
      'Priority of saga, projector and payment simulator, as of nice: 0 like the others to 19 the lowest; idle (Linux): only on a core that nobody else wants. STACK=docker ignores it',
    ),
  STEP_BACK_UP_TO: duration()
    .default(60_000)
    .description(
      'While thousands of orders a second arrive and cores are scarce, saga and projector rest ten times as long as they worked, so that accepting comes first, until an order has waited for this long; 0: never rest',
    ),
  REFUSAL_DETAIL: Joi.boolean()
    .default(true)
    .description(
      'Refusals say more than their reason; on, because all processes of this stack are of one release',
    ),
  ADMIN_TOKEN: secret().default(demoAdminToken).description('Bearer token of the admin routes'),
  CONSOLE_ORIGIN: origin().description(
    'Origin of the console as the browser names it; unset: that of QUERY_API_PORT on 127.0.0.1',
  ),
  CONSOLE_COMMAND_ORIGIN: origin().description(
    'Where the console sends redrive and discard; unset: to COMMAND_API_PORT on 127.0.0.1',
  ),
  SHUTDOWN_TIMEOUT: duration().default(30_000).description('How long a service may take to stop'),
};

/** @throws ConfigError with every problem. */
export const readStackSettings = (environment: Environment): StackSettings =>
  readSettings<StackSettings>(stackSettings, environment);
