import type { LogRecord } from '../chassis/kafka/log';
import type { EventCodec, PoisonReason } from '../schemas/codec';
import { decodeOrLearn } from '../schemas/decode-or-learn';
import type { DomainEvent } from '../schemas/events';
import { readMetadata } from '../schemas/headers';
import type { TopicName } from '../schemas/topics';
import type { LoggedEvent } from './folded';

/** What cannot be folded, and why. A projection never rejects a fact: it counts this, and goes on. */
export interface Undecodable {
  readonly record: LogRecord;
  readonly reason: PoisonReason;
  readonly detail: string;
}

/** Called with what cannot be folded, before the batch is written; once it resolves the records may be left behind. */
export type ReportUndecodable = (records: readonly Undecodable[]) => Promise<void>;

export interface RecordsRead {
  readonly events: readonly LoggedEvent[];
  readonly undecodable: readonly Undecodable[];
}

/** An order is found by its key, so an event under another key would be another order's. */
const keyFault = ({ key }: LogRecord, event: DomainEvent): string | undefined => {
  if (!('request_id' in event) || key?.toString('utf8') === event.request_id) return undefined;
  return 'the key is not the request_id of the event';
};

/**
 * Decodes records of our topics.
 * @throws InfrastructureError when the registry must be asked and does not answer: no verdict on any record then.
 */
export const readRecords = async (codec: EventCodec, records: readonly LogRecord[]): Promise<RecordsRead> => {
  const events: LoggedEvent[] = [];
  const undecodable: Undecodable[] = [];
  for (const record of records) {
    let decoded = codec.decode(record.topic as TopicName, record.value);
    if (decoded.kind === 'unknown-schema')
      decoded = await decodeOrLearn(codec, record.topic as TopicName, record.value);
    switch (decoded.kind) {
      case 'event': {
        const fault = keyFault(record, decoded.event);
        if (fault === undefined)
          events.push({ record, event: decoded.event, metadata: readMetadata(record) });
        else undecodable.push({ record, reason: 'INVALID_FIELD', detail: fault });
        break;
      }
      case 'unknown-schema':
        undecodable.push({ record, reason: 'UNKNOWN_SCHEMA', detail: `schema id ${decoded.schemaId}` });
        break;
      case 'poison':
        undecodable.push({ record, reason: decoded.reason, detail: decoded.detail });
        break;
    }
  }
  return { events, undecodable };
};
