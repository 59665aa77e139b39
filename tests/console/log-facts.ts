import { kafkaConnection } from '../../chassis/kafka/connection';
import { createLogReader } from '../../chassis/kafka/reader';
import { createEventCodec } from '../../schemas/event-codec';
import { topics, type TopicName } from '../../schemas/topics';
import type { TestSystem } from '../support/system';

/** An order that was accepted or decided, or a dead letter, at the instant that the broker appended it. */
export interface Fact {
  readonly atMs: number;
  readonly kind: 'accepted' | 'completed' | 'failed' | 'letter';
  readonly itemId: string;
  readonly units: number;
  /** From accepted to decided; 0 of everything else. */
  readonly tookMs: number;
}

/**
 * All orders of the log, each with its first request and its first outcome, and the dead letters. There is no lost Redis in the test, so no
 * outcome is void.
 */
export const readFacts = async (system: TestSystem): Promise<readonly Fact[]> => {
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl } = system.infrastructure.variables;
  const reader = createLogReader(kafkaConnection({ brokers: brokers.split(','), clientId: 'truth' }));
  const codec = await createEventCodec({ registryUrl, topics: [topics.orderRequests, topics.orderOutcomes] });
  const asked = new Map<string, Fact>();
  const decided = new Map<string, Fact>();
  const read = (topic: TopicName): Promise<unknown> =>
    reader.read({
      topic,
      onRecords: (records) => {
        for (const { value, appendedAtMs: atMs } of records) {
          const decoded = codec.decode(topic, value);
          if (decoded.kind !== 'event') continue;
          const { event } = decoded;
          if (event.type === 'OrderRequested' && !asked.has(event.request_id)) {
            const { item_id: itemId, amount: units } = event;
            asked.set(event.request_id, { atMs, kind: 'accepted', itemId, units, tookMs: 0 });
          }
          if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed') continue;
          const order = asked.get(event.request_id);
          if (order === undefined || decided.has(event.request_id)) continue;
          const kind = event.type === 'OrderCompleted' ? 'completed' : 'failed';
          decided.set(event.request_id, { ...order, atMs, kind, tookMs: atMs - order.atMs });
        }
      },
    });
  await read(topics.orderRequests.name);
  await read(topics.orderOutcomes.name);
  const letters: Fact[] = [];
  await reader.read({
    topic: topics.orderDlq.name,
    onRecords: (records) => {
      for (const { appendedAtMs: atMs } of records)
        letters.push({ atMs, kind: 'letter', itemId: '', units: 0, tookMs: 0 });
    },
  });
  return [...asked.values(), ...decided.values(), ...letters];
};
