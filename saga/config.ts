import Joi from 'joi';
import { duration, formatDurationMs, readSettings, type Environment, type Settings } from '../chassis/config';
import {
  adminSettings,
  kafkaSettings,
  processSettings,
  redisSettings,
  registrySettings,
  stepBackSettings,
  tracingSettings,
  type KafkaSettings,
  type ProcessSettings,
  type RedisSettings,
  type RegistrySettings,
  type StepBackSettings,
  type TracingSettings,
} from '../chassis/settings';
import { orderTopicsSettings, type OrderTopicsSettings } from '../schemas/topic-settings';
import { paymentSettings, type PaymentSettings } from './payment/settings';

export interface SagaConfig
  extends
    ProcessSettings,
    KafkaSettings,
    RegistrySettings,
    TracingSettings,
    StepBackSettings,
    RedisSettings,
    OrderTopicsSettings,
    PaymentSettings {
  readonly ADMIN_TOKEN?: string;
  readonly SAGA_GROUP: string;
  readonly CHUNK_MAX: number;
  readonly HORIZON: number;
  readonly RECORD_TTL: number;
  readonly REFUSAL_DETAIL: boolean;
}

export const sagaSettings: Settings = {
  ...processSettings(9101),
  ...kafkaSettings,
  ...registrySettings,
  ...tracingSettings,
  ...stepBackSettings,
  ...redisSettings,
  ...orderTopicsSettings,
  ...paymentSettings,
  ...adminSettings,
  SAGA_GROUP: Joi.string()
    .pattern(/^[A-Za-z0-9._-]{1,100}$/)
    .default('saga')
    .description('Consumer group; its members share the partitions'),
  CHUNK_MAX: Joi.number()
    .integer()
    .min(1)
    .max(1000)
    .default(500)
    .description('Orders of a partition that are decided by one call of a script'),
  HORIZON: duration()
    .default(24 * 3_600_000)
    .description('A request older than this is refused as EXPIRED instead of being decided anew'),
  RECORD_TTL: duration()
    .default(48 * 3_600_000)
    .description('How long Redis remembers a decision whose outcome is in the log; twice HORIZON or more'),
  REFUSAL_DETAIL: Joi.boolean()
    .default(false)
    .description(
      'Refusals say more than their reason; turn it on once no saga of a release before this setting is left',
    ),
};

/** Rule R11: an answer of the log may be half a HORIZON old, and Redis must remember whatever came later. */
const memoryFaults = ({ HORIZON, RECORD_TTL }: SagaConfig): readonly string[] => {
  if (RECORD_TTL >= 2 * HORIZON) return [];
  const [horizon, ttl] = [HORIZON, RECORD_TTL].map(formatDurationMs);
  return [`RECORD_TTL (${ttl}) must be at least twice HORIZON (${horizon}), or orders are decided twice`];
};

/** @throws ConfigError with every problem of the environment. */
export const readConfig = (environment: Environment): SagaConfig =>
  readSettings<SagaConfig>(sagaSettings, environment, memoryFaults);
