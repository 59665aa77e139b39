import { pause } from '../../chassis/deadline';
import type { LogProducer, NewRecord } from '../../chassis/kafka/log';
import { partitionOf } from '../../chassis/kafka/partitioner';
import type { EventCodec } from '../../schemas/codec';
import { eventIdOf } from '../../schemas/event-id';
import type { DomainEvent } from '../../schemas/events';
import { toRecord } from '../../schemas/new-record';
import type { TopicName } from '../../schemas/topics';

export interface OrderWriterOptions {
  readonly producer: LogProducer;
  readonly codec: EventCodec;
  /** Begins every request_id. */
  readonly prefix: string;
  readonly orders: number;
  /** Ends the writing before that. */
  readonly signal?: AbortSignal;
  /** Between batches of ten orders. */
  readonly pauseMs: number;
}

const partitions = 8;
const batchOrders = 10;

const eventsOf = (prefix: string, number: number): readonly [TopicName, DomainEvent][] => {
  const order = {
    request_id: `${prefix}-${number}`,
    user_id: `${prefix}-user-${number % 20}`,
    item_id: `${prefix}-item-${number % 3}`,
    amount: 1 + (number % 3),
  };
  const common = { ...order, epoch: 1_000_000 };
  const requested: [TopicName, DomainEvent] = [
    'order-requests',
    { type: 'OrderRequested', ...order, requested_at: Date.now(), sales_channel: null },
  ];
  const completed: [TopicName, DomainEvent] = [
    'order-outcomes',
    { type: 'OrderCompleted', ...common, payment_id: 'p', completed_at: Date.now() },
  ];
  const failed: [TopicName, DomainEvent] = [
    'order-outcomes',
    { type: 'OrderFailed', ...common, reason: 'SOLD_OUT', failed_at: Date.now(), detail: null },
  ];
  // Of seven orders one has its outcome written twice, one a second outcome that contradicts, one none.
  switch (number % 7) {
    case 0:
      return [requested, completed, completed];
    case 1:
      return [requested, failed, completed];
    case 2:
      return [requested];
    case 3:
      return [requested, requested, failed];
    default:
      return [requested, completed];
  }
};

/** Writes orders to the real log as producers that retry do: copies, contradictions and open ends among them. */
export const writeOrders = async (options: OrderWriterOptions): Promise<void> => {
  const { producer, codec, prefix, orders, pauseMs, signal } = options;
  for (let from = 0; from < orders && signal?.aborted !== true; from += batchOrders) {
    const records: NewRecord[] = [];
    for (let number = from; number < from + batchOrders; number += 1) {
      for (const [topic, event] of eventsOf(prefix, number)) {
        const key = `${prefix}-${number}`;
        records.push(
          toRecord(codec, { topic, partition: partitionOf(key, partitions) }, event, {
            event_id: eventIdOf(event),
            correlation_id: key,
            causation_id: key,
            source: 'test',
          }),
        );
      }
    }
    for (const outcome of await producer.sendAll(records)) if (outcome.kind !== 'acked') throw outcome.error;
    await pause(pauseMs);
  }
};
