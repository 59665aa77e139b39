import Joi from 'joi';
import { duration, type Settings } from '../chassis/config';
import {
  kafkaSettings,
  registrySettings,
  type KafkaSettings,
  type RegistrySettings,
} from '../chassis/settings';
import { orderTopicsSettings, type OrderTopicsSettings } from './topic-settings';

/** What the step that creates topics and registers schemas reads. */
export interface DeploySettings extends KafkaSettings, RegistrySettings, OrderTopicsSettings {
  readonly REPLICATION_FACTOR: number;
  readonly DEPLOY_TIMEOUT: number;
}

export const deploySettings: Settings = {
  ...kafkaSettings,
  ...registrySettings,
  ...orderTopicsSettings,
  REPLICATION_FACTOR: Joi.number()
    .integer()
    .min(1)
    .max(9)
    .default(1)
    .description('Copies of each partition; 3 in production, where min.insync.replicas becomes 2'),
  DEPLOY_TIMEOUT: duration()
    .default(60_000)
    .description('How long to wait for Kafka and the registry to answer'),
};
