import type { Decoded, EventCodec } from './codec';
import type { EventType } from './events';
import type { SchemaHistory } from './history';
import type { OurSchema } from './known-ids';
import { createLearnedSchemas, type LearnedSchemasParts } from './learned-schemas';
import { newestTypes, readerFor, type Reader } from './readers';
import { decodeBody, encodeFramed, poison, schemaIdIn } from './record-codec';
import type { Topic } from './topics';

export interface KnownId {
  readonly schema: OurSchema;
  readonly id: number;
}

export interface CodecParts extends Omit<LearnedSchemasParts, 'types'> {
  readonly topics: readonly Topic[];
  readonly history: SchemaHistory;
  readonly known: readonly KnownId[];
}

/** Puts the pure parts together; the registry is reached through `fetchSchema` alone. */
export const assembleCodec = (parts: CodecParts): EventCodec => {
  const types = newestTypes(parts.history);
  const learned = createLearnedSchemas({ ...parts, types });
  const allowed = new Map(parts.topics.map(({ name, eventTypes }) => [name, new Set<EventType>(eventTypes)]));
  const own = new Map<number, Reader>();
  const writerIds = new Map<string, Partial<Record<EventType, number>>>();
  for (const { schema, id } of parts.known) {
    const { topic, isNewest, version } = schema;
    own.set(id, readerFor(types, version.text));
    if (isNewest) writerIds.set(topic, { ...writerIds.get(topic), [version.eventType]: id });
  }

  const judgeUnknown = (schemaId: number): Decoded =>
    learned.isUnknown(schemaId)
      ? poison('UNKNOWN_SCHEMA', `the registry knows no schema id ${schemaId}`)
      : { kind: 'unknown-schema', schemaId };

  return {
    encode: (topic, event) => {
      const id = writerIds.get(topic)?.[event.type];
      if (id === undefined) throw new TypeError(`${event.type} does not belong on ${topic}.`);
      return encodeFramed(types[event.type], id, event);
    },
    decode: (topic, value) => {
      if (value === null) return poison('NULL_VALUE', 'the value is null');
      const schemaId = schemaIdIn(value);
      if (schemaId === undefined) return poison('NOT_FRAMED', 'no magic byte 0 and schema id in front');
      const reader = own.get(schemaId) ?? learned.get(schemaId);
      if (reader === undefined) return judgeUnknown(schemaId);
      switch (reader.kind) {
        case 'unreadable':
          return poison('UNDECODABLE', `schema id ${schemaId}: ${reader.detail}`);
        case 'foreign':
          return poison('FOREIGN_TYPE', `${reader.name} does not belong on ${topic}`);
        case 'ours':
          return allowed.get(topic)?.has(reader.eventType) === true
            ? decodeBody(value, schemaId, reader)
            : poison('FOREIGN_TYPE', `${reader.eventType} does not belong on ${topic}`);
      }
    },
    learn: (schemaId) => (own.has(schemaId) ? Promise.resolve() : learned.learn(schemaId)),
  };
};
