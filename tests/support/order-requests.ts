import { kafkaConnection } from '../../chassis/kafka/connection';
import { formatPosition } from '../../chassis/kafka/log';
import { createLogReader } from '../../chassis/kafka/reader';
import { createEventCodec } from '../../schemas/event-codec';
import type { OrderRequested } from '../../schemas/events';
import { readMetadata } from '../../schemas/headers';
import { topics } from '../../schemas/topics';
import type { ServersToDeployTo } from './contracts';

export interface LoggedRequest {
  readonly event: OrderRequested;
  readonly eventId: string;
  readonly position: string;
}

/** All that the log holds of `order-requests`, or of one key; records that are not ours to read are passed over. */
export const readOrderRequests = async (
  servers: ServersToDeployTo,
  key?: string,
): Promise<readonly LoggedRequest[]> => {
  const { name } = topics.orderRequests;
  const codec = await createEventCodec({
    registryUrl: servers.SCHEMA_REGISTRY_URL,
    topics: [topics.orderRequests],
  });
  const connection = kafkaConnection({ brokers: servers.KAFKA_BROKERS.split(','), clientId: 'test-reader' });
  const found: LoggedRequest[] = [];
  await createLogReader(connection).read({
    topic: name,
    onRecords: (records) => {
      for (const record of records) {
        if (key !== undefined && record.key?.toString() !== key) continue;
        const decoded = codec.decode(name, record.value);
        if (decoded.kind !== 'event' || decoded.event.type !== 'OrderRequested') continue;
        const { event_id: eventId } = readMetadata(record);
        found.push({ event: decoded.event, eventId, position: formatPosition(record) });
      }
    },
  });
  return found;
};
