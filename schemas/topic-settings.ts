import Joi from 'joi';
import type { Settings } from '../chassis/config';
import type { TopicSettings } from '../chassis/kafka/log';
import { topicConfig, topics as allTopics, type Topic } from './topics';

export interface OrderTopicsSettings {
  readonly ORDER_PARTITIONS: number;
}

/** For every process that checks the topics at start. */
export const orderTopicsSettings: Settings = {
  ORDER_PARTITIONS: Joi.number()
    .integer()
    .min(1)
    .max(1000)
    .default(8)
    .description(
      'Partitions of the order topics: the most sagas or projectors that work at once. Fixed once orders exist',
    ),
};

/** What a service relies on. How many replicas there are is the operator's business, so it is no part of this. */
export const topicSettings = (
  orderPartitions: number,
  topics: readonly Topic[] = Object.values(allTopics),
): readonly TopicSettings[] =>
  topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions === 'orders' ? orderPartitions : partitions,
    config: topicConfig,
  }));

/**
 * What the deploy step creates. One replica may be away without stopping the sale, and an acknowledged order is on at
 * least two disks as soon as there are three replicas.
 */
export const deployedTopicSettings = (
  orderPartitions: number,
  replicationFactor: number,
  topics: readonly Topic[] = Object.values(allTopics),
): readonly TopicSettings[] =>
  topicSettings(orderPartitions, topics).map((settings, index) => ({
    ...settings,
    config: {
      ...settings.config,
      ...topics[index]?.createdWith,
      'min.insync.replicas': String(Math.max(1, replicationFactor - 1)),
    },
  }));

const onlyNew = new Set(
  Object.values<Topic>(allTopics).flatMap(({ createdWith = {} }) => Object.keys(createdWith)),
);

/** The same, without what only new topics get: what a topic that exists is compared with. */
export const comparedTopicSettings = (settings: readonly TopicSettings[]): readonly TopicSettings[] =>
  settings.map(({ config, ...rest }) => ({
    ...rest,
    config: Object.fromEntries(Object.entries(config).filter(([name]) => !onlyNew.has(name))),
  }));
