import { randomUUID } from 'node:crypto';
import { createLogAdmin } from '../chassis/kafka/admin';
import { kafkaConnection } from '../chassis/kafka/connection';
import { InfrastructureError } from '../chassis/kafka/log';
import { checkContracts } from './check-contracts';
import { ensureTopics } from './ensure-topics';
import { readHistory } from './history';
import { ourSchemas } from './known-ids';
import { registerSchemas } from './register';
import { createRegistryClient } from './registry-client';
import { deployedTopicSettings, topicSettings } from './topic-settings';
import { topics, type Topic } from './topics';

const registryUrl = process.env['SCHEMA_REGISTRY_URL'] ?? '';
const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const admin = createLogAdmin(kafkaConnection({ brokers, clientId: 'deploy-test' }));
const client = createRegistryClient(registryUrl, 10_000);

afterAll(() => admin.stop());

/** Two topics under names of the test's own: one whose partitions follow the setting, one with a fixed count. */
const ownTopics = (): readonly Topic[] => {
  const prefix = `deploy-${randomUUID().slice(0, 8)}-`;
  return [topics.orderRequests, topics.sagaEpochs].map((topic) => ({ ...topic, name: prefix + topic.name }));
};

const check = (own: readonly Topic[], more: { orderPartitions?: number; waitMs?: number } = {}) =>
  checkContracts({ admin, registryUrl, topics: own, orderPartitions: 3, waitMs: 0, ...more });

describe('the deploy step and the check at start', () => {
  test('agree: what the one creates, the other finds', async () => {
    const own = ownTopics();
    const [requests, epochs] = own.map(({ name }) => name);
    const wanted = deployedTopicSettings(3, 1, own);
    expect(await ensureTopics(admin, wanted, 1)).toEqual({ created: [requests, epochs], differences: [] });
    await registerSchemas(client, ourSchemas(own, readHistory()));
    expect(await check(own)).toEqual([]);
    expect(await ensureTopics(admin, wanted, 1)).toEqual({ created: [], differences: [] });
    expect((await admin.ranges(requests ?? '')).map(({ partition }) => partition)).toEqual([0, 1, 2]);
  });

  test('say what is missing, each with the step that makes it', async () => {
    const own = ownTopics();
    const problems = await check(own);
    expect(problems).toContainEqual(
      expect.stringMatching(/order-requests does not exist\. Run the deploy step/),
    );
    expect(problems).toContainEqual(
      expect.stringMatching(/OrderRequested v1 .* is not registered .* Run the deploy step/),
    );
  });

  test('report a topic with other settings and change nothing', async () => {
    const own = ownTopics();
    const [requests = ''] = own.map(({ name }) => name);
    const [settings] = topicSettings(2, own);
    const expiring = { ...settings, name: requests, partitions: 2, config: { 'retention.ms': '86400000' } };
    await admin.createTopics([expiring], 1);
    const { differences } = await ensureTopics(admin, deployedTopicSettings(3, 1, own), 1);
    expect(differences).toContain(`topic ${requests} has 2 partitions instead of 3`);
    expect(differences).toContain(`topic ${requests} has retention.ms=86400000 instead of -1`);
    expect(differences).toContain(
      `topic ${requests} has message.timestamp.type=CreateTime instead of LogAppendTime`,
    );
    expect(await admin.differences([expiring])).toEqual([]);
  });

  test('meet: a service that starts first waits for the deploy step', async () => {
    const own = ownTopics();
    const checking = check(own, { waitMs: 20_000 });
    await ensureTopics(admin, deployedTopicSettings(3, 1, own), 1);
    await registerSchemas(client, ourSchemas(own, readHistory()));
    expect(await checking).toEqual([]);
  });

  test('tell Kafka that does not answer from a topic that is wrong', async () => {
    const differences = () => Promise.reject(new InfrastructureError('no broker answers'));
    const problems = await checkContracts({
      admin: { differences },
      registryUrl: 'http://127.0.0.1:9',
      orderPartitions: 3,
      topics: [topics.sagaEpochs],
      waitMs: 0,
    });
    expect(problems).toEqual([
      'Kafka does not answer: no broker answers',
      expect.stringMatching(
        /^EpochClaimed v1 on saga-epochs has no known id: The Schema Registry at .* does not answer/,
      ),
    ]);
  });
});
