import type { LogRecord } from '../chassis/kafka/log';
import { poisonReasons, type Decoded, type EventCodec } from '../schemas/codec';
import { usableKey } from '../schemas/dead-letter';
import type { TopicName } from '../schemas/topics';
import type { Order } from './ports';

/** A record as the saga understands it. */
export type Intake =
  | { readonly kind: 'order'; readonly key: string; readonly order: Order }
  /** Not an order; `key` is there when an outcome can be written under it. */
  | {
      readonly kind: 'poison';
      readonly key: string | undefined;
      readonly order: undefined;
      readonly reason: BurialReason;
      readonly detail: string;
    };

/** Why a record is in the dead-letter topic. */
export const burialReasons = [...poisonReasons, 'KEY_MISMATCH', 'CONFLICT'] as const;
export type BurialReason = (typeof burialReasons)[number];

const poison = (record: LogRecord, reason: BurialReason, detail: string): Intake => ({
  kind: 'poison',
  key: usableKey(record.key),
  order: undefined,
  reason,
  detail,
});

/** What a decoded record is; `unknown-schema` when even the registry cannot tell. */
export const intakeOf = (record: LogRecord, decoded: Decoded): Intake => {
  switch (decoded.kind) {
    case 'poison':
      return poison(record, decoded.reason, decoded.detail);
    case 'unknown-schema':
      return poison(record, 'UNKNOWN_SCHEMA', `schema id ${decoded.schemaId} cannot be learned`);
    case 'event': {
      const { event } = decoded;
      if (event.type !== 'OrderRequested') return poison(record, 'FOREIGN_TYPE', event.type);
      const { request_id: key, user_id: userId, item_id: itemId, amount } = event;
      if (record.key?.toString('utf8') !== key)
        return poison(record, 'KEY_MISMATCH', `the event is of "${key}"`);
      return { kind: 'order', key, order: { key, userId, itemId, amount } };
    }
  }
};

/**
 * What a record of `order-requests` or `payment-retries` is. Waits only for a schema id not met before.
 * @throws InfrastructureError when the registry cannot answer for such an id: no verdict on the record.
 */
export const takeIn = async (codec: EventCodec, record: LogRecord): Promise<Intake> => {
  const topic = record.topic as TopicName;
  let decoded = codec.decode(topic, record.value);
  if (decoded.kind === 'unknown-schema') {
    await codec.learn(decoded.schemaId);
    decoded = codec.decode(topic, record.value);
  }
  return intakeOf(record, decoded);
};
