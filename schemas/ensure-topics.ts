import type { LogAdmin, TopicSettings } from '../chassis/kafka/log';
import { comparedTopicSettings } from './topic-settings';

export interface EnsuredTopics {
  readonly created: readonly string[];
  /** In plain words, what exists and is not as wanted. Nothing was changed: that is for a person to decide. */
  readonly differences: readonly string[];
}

/** Creates missing topics with their settings, and compares those that exist. Safe to run again. */
export const ensureTopics = async (
  admin: Pick<LogAdmin, 'createTopics' | 'differences'>,
  topics: readonly TopicSettings[],
  replicationFactor: number,
): Promise<EnsuredTopics> => {
  const created = await admin.createTopics(topics, replicationFactor);
  return { created, differences: await admin.differences(comparedTopicSettings(topics)) };
};
