import { withDeadline } from '../deadline';
import type { KafkaConnection } from './connection';
import { InfrastructureError, type LogAdmin, type TopicSettings } from './log';
import { readEnds, readRanges } from './ranges';
import { kafkaError, kafkaErrorText } from './wire/api';
import { Cluster, type Leaders } from './wire/cluster';

const topicResource = 2;
const createTimeoutMs = 10_000;

/** Undefined when the topic does not exist; any other trouble is thrown. */
const partitionCount = async (cluster: Cluster, topic: string): Promise<number | undefined> => {
  cluster.forget(topic);
  const leaders = await cluster.findLeaders(topic);
  return leaders?.length;
};

const differencesOf = async (cluster: Cluster, wanted: TopicSettings): Promise<readonly string[]> => {
  const partitions = await partitionCount(cluster, wanted.name);
  if (partitions === undefined) return [`topic ${wanted.name} does not exist`];
  const found: string[] = [];
  if (partitions !== wanted.partitions) {
    found.push(`topic ${wanted.name} has ${partitions} partitions instead of ${wanted.partitions}`);
  }
  const link = await cluster.any();
  const configNames = Object.keys(wanted.config);
  const resources = [{ type: topicResource, name: wanted.name, configNames }] as const;
  const answer = await link.ask('DescribeConfigs', { resources, includeSynonyms: false });
  for (const { errorCode, configEntries } of answer.resources) {
    if (errorCode !== kafkaError.none) {
      throw new InfrastructureError(`settings of ${wanted.name}: ${kafkaErrorText(errorCode)}`);
    }
    for (const [name, value] of Object.entries(wanted.config)) {
      const actual = configEntries.find((entry) => entry.configName === name)?.configValue;
      if (actual !== value) found.push(`topic ${wanted.name} has ${name}=${actual} instead of ${value}`);
    }
  }
  return found;
};

const createMissing = async (
  cluster: Cluster,
  topics: readonly TopicSettings[],
  replicationFactor: number,
): Promise<readonly string[]> => {
  const controller = await cluster.controller();
  const answer = await controller.ask(
    'CreateTopics',
    {
      topics: topics.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor,
        configEntries: Object.entries(topic.config).map(([name, value]) => ({ name, value })),
      })),
      validateOnly: false,
      timeout: createTimeoutMs,
    },
    createTimeoutMs,
  );
  const created: string[] = [];
  for (const { topic, errorCode, errorMessage } of answer.topicErrors) {
    if (errorCode === kafkaError.none) created.push(topic);
    else if (errorCode !== kafkaError.topicAlreadyExists) {
      throw new Error(`cannot create the topic ${topic}: ${errorMessage ?? kafkaErrorText(errorCode)}`);
    }
  }
  return created;
};

const isLed = (leaders: Leaders | undefined, partitions: number): boolean =>
  leaders?.length === partitions && leaders.every((leader) => leader !== undefined);

/** A topic just created is not known to every broker at once; others would see it missing. */
const awaitLeaders = async (cluster: Cluster, topics: readonly TopicSettings[]): Promise<void> => {
  const deadline = performance.now() + createTimeoutMs;
  for (const topic of topics) {
    for (;;) {
      cluster.forget(topic.name);
      if (isLed(await cluster.findLeaders(topic.name), topic.partitions)) break;
      if (performance.now() > deadline)
        throw new InfrastructureError(`the topic ${topic.name} gets no leaders`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};

/** Connects with the first call; throws InfrastructureError when no broker answers. */
export const createLogAdmin = (connection: KafkaConnection): LogAdmin => {
  const cluster = new Cluster(connection);
  return {
    ranges: async (topic) => readRanges(cluster, topic),
    ends: async (topic) => readEnds(cluster, topic),
    createTopics: async (topics, replicationFactor) => {
      const created = await createMissing(cluster, topics, replicationFactor);
      await awaitLeaders(
        cluster,
        topics.filter((topic) => created.includes(topic.name)),
      );
      return created;
    },
    differences: async (topics) => {
      const found = await Promise.all(topics.map((topic) => differencesOf(cluster, topic)));
      return found.flat();
    },
    ping: async (timeoutMs) => {
      await withDeadline(
        cluster.any().then((link) => link.ask('Metadata', { topics: [], allowAutoTopicCreation: false })),
        timeoutMs,
        'a round trip to Kafka',
      );
    },
    stop: async () => cluster.close(),
  };
};
