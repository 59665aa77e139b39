import { kafkaConnection } from '../../chassis/kafka/connection';
import { createLogProducer } from '../../chassis/kafka/producer';
import { createEventCodec } from '../../schemas/event-codec';
import { topics } from '../../schemas/topics';
import type { TestSystem } from '../support/system';

/**
 * Writes two records that become dead letters: an order without its key, which a redrive repairs, and bytes that are no
 * event, which fail again.
 */
export const parkLetters = async (
  system: TestSystem,
  order: { readonly requestId: string; readonly itemId: string },
): Promise<void> => {
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl } = system.infrastructure.variables;
  const topic = topics.orderRequests.name;
  const codec = await createEventCodec({ registryUrl, topics: [topics.orderRequests] });
  const value = codec.encode(topic, {
    type: 'OrderRequested',
    request_id: order.requestId,
    user_id: 'ann',
    item_id: order.itemId,
    amount: 1,
    requested_at: Date.now(),
    sales_channel: null,
  });
  const producer = await createLogProducer(
    kafkaConnection({ brokers: brokers.split(','), clientId: 'partner' }),
  );
  const outcomes = await producer.sendAll([
    { topic, partition: 0, key: null, value },
    { topic, partition: 1, key: null, value: Buffer.from('no event') },
  ]);
  await producer.stop(5_000);
  if (outcomes.some(({ kind }) => kind !== 'acked')) throw new Error('Kafka did not take the records');
};
