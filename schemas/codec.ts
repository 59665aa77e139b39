import type { DomainEvent } from './events';
import type { TopicName } from './topics';

/**
 * What a record's value turned out to be.
 * `unknown-schema` is not a verdict yet: ask `learn(id)`, then decode again.
 */
export type Decoded =
  | { readonly kind: 'event'; readonly event: DomainEvent; readonly schemaId: number }
  | { readonly kind: 'unknown-schema'; readonly schemaId: number }
  | { readonly kind: 'poison'; readonly reason: PoisonReason; readonly detail: string };

export const poisonReasons = [
  'NULL_VALUE',
  'NOT_FRAMED',
  'UNKNOWN_SCHEMA',
  'FOREIGN_TYPE',
  'UNDECODABLE',
  'INVALID_FIELD',
] as const;
export type PoisonReason = (typeof poisonReasons)[number];

export interface EventCodec {
  /** Confluent framing: byte 0, the schema id as int32 big-endian, the Avro body. */
  encode(topic: TopicName, event: DomainEvent): Buffer;
  /** Synchronous and total: never throws, never waits. The event is always of today's shape. */
  decode(topic: TopicName, value: Buffer | null): Decoded;
  /**
   * Asks the registry for an id not known at start: one request per id at a time, a deadline, and a negative cache.
   * Resolves when decoding can go on (the id is known, or known to be unknown).
   * Throws `InfrastructureError` when the registry cannot answer: never a verdict on the record.
   */
  learn(schemaId: number): Promise<void>;
}
