import type { LogRecord } from '../../chassis/kafka/log';
import type { DomainEvent } from '../../schemas/events';
import { createStaticCodec } from '../../schemas/event-codec';
import { eventIdOf } from '../../schemas/event-id';
import { toHeaders } from '../../schemas/headers';
import type { TopicName } from '../../schemas/topics';

export const testCodec = createStaticCodec();

/** A log in memory that tests write by hand: events become the records a consumer would be handed. */
export class WrittenLog {
  readonly records: LogRecord[] = [];
  private readonly ends = new Map<string, number>();
  private nowMs = 1_700_000_000_000;

  event(topic: TopicName, partition: number, event: DomainEvent, key?: string): LogRecord {
    const metadata = {
      event_id: eventIdOf(event, partition),
      correlation_id: `correlation of ${key ?? 'none'}`,
      causation_id: `cause of ${key ?? 'none'}`,
      source: 'test',
    };
    return this.raw(topic, partition, {
      key: key === undefined ? null : Buffer.from(key),
      value: testCodec.encode(topic, event),
      headers: toHeaders(event.type, metadata),
    });
  }

  raw(topic: string, partition: number, content: Pick<LogRecord, 'key' | 'value' | 'headers'>): LogRecord {
    const place = `${topic}:${partition}`;
    const offset = this.ends.get(place) ?? 0;
    this.ends.set(place, offset + 1);
    this.nowMs += 7;
    const record = { topic, partition, offset, appendedAtMs: this.nowMs, ...content };
    this.records.push(record);
    return record;
  }

  of(topic: string, partition: number): readonly LogRecord[] {
    return this.records.filter((record) => record.topic === topic && record.partition === partition);
  }
}
