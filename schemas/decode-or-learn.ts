import type { Decoded, EventCodec } from './codec';
import type { TopicName } from './topics';

/**
 * Decodes a record's value, and asks the registry for a schema id that was not met before.
 * @throws InfrastructureError when the registry cannot answer for it: no verdict on the record.
 */
export const decodeOrLearn = async (
  codec: EventCodec,
  topic: TopicName,
  value: Buffer | null,
): Promise<Decoded> => {
  const decoded = codec.decode(topic, value);
  if (decoded.kind !== 'unknown-schema') return decoded;
  await codec.learn(decoded.schemaId);
  return codec.decode(topic, value);
};
