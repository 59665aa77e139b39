import { stringify } from 'yaml';
import { deployedTopicSettings, orderTopicsSettings } from '../../schemas/topic-settings';
import { readSettings } from '../../chassis/config';

const replicationFactor = 3;

const header =
  '# Generated from schemas/topics.ts by `make generate`: change it there.\n' +
  '# A partition count is fixed once orders exist; the topic operator refuses to lower it.\n';

/** The topics as Strimzi's KafkaTopic objects, with the settings that every service checks at start. */
export const topicsManifest = (): string => {
  const { ORDER_PARTITIONS } = readSettings<{ ORDER_PARTITIONS: number }>(orderTopicsSettings, {});
  const documents = deployedTopicSettings(ORDER_PARTITIONS, replicationFactor).map(
    ({ name, partitions, config }) =>
      stringify({
        apiVersion: 'kafka.strimzi.io/v1',
        kind: 'KafkaTopic',
        metadata: { name, labels: { 'strimzi.io/cluster': 'flash-sale' } },
        spec: { partitions, replicas: replicationFactor, config },
      }),
  );
  return header + documents.join('---\n');
};
