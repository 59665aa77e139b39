import type { LogProducer, NewRecord } from '../chassis/kafka/log';
import { partitionOf } from '../chassis/kafka/partitioner';
import type { EventCodec } from '../schemas/codec';
import { eventIdOf } from '../schemas/event-id';
import type { DomainEvent } from '../schemas/events';
import { toRecord } from '../schemas/new-record';
import { topics, type TopicName } from '../schemas/topics';

/** Orders as a sale writes them, numbered from 0: one request and one outcome each, three of four sold. */
export const orderPartitions = 8;
const chunkOrders = 5_000;

/** Spread over the key space, as ids of buyers are. */
export const orderIdOf = (number: number): string =>
  `order-${number.toString(36)}-${((number * 2_654_435_761) % 4_294_967_296).toString(16)}`;

export const itemIdOf = (number: number): string => `item-${number % 100}`;

export const orderOf = (number: number) => ({
  request_id: orderIdOf(number),
  user_id: `user-${number % 50_000}`,
  item_id: itemIdOf(number),
  amount: 1 + (number % 3),
});

const recordOf = (codec: EventCodec, topic: TopicName, key: string, event: DomainEvent): NewRecord =>
  toRecord(codec, { topic, partition: partitionOf(key, orderPartitions) }, event, {
    event_id: eventIdOf(event),
    correlation_id: eventIdOf(event),
    causation_id: eventIdOf(event),
    source: 'bench',
  });

export const requestOf = (codec: EventCodec, number: number): NewRecord =>
  recordOf(codec, topics.orderRequests.name, orderIdOf(number), {
    type: 'OrderRequested',
    ...orderOf(number),
    requested_at: Date.now(),
    sales_channel: null,
  });

export const outcomeOf = (codec: EventCodec, number: number): NewRecord => {
  const order = { ...orderOf(number), epoch: 0 };
  const outcome: DomainEvent =
    number % 4 === 0
      ? { type: 'OrderFailed', ...order, reason: 'SOLD_OUT', failed_at: Date.now(), detail: null }
      : { type: 'OrderCompleted', ...order, payment_id: `pay-${number}`, completed_at: Date.now() };
  return recordOf(codec, topics.orderOutcomes.name, orderIdOf(number), outcome);
};

export interface Place {
  readonly partition: number;
  readonly offset: number;
}

/** Returns where the records are, in their order. @throws when one was not acknowledged */
export const append = async (
  producer: LogProducer,
  records: readonly NewRecord[],
): Promise<readonly Place[]> => {
  const outcomes = await producer.sendAll(records);
  return outcomes.map((outcome) => {
    if (outcome.kind !== 'acked') throw outcome.error;
    return outcome;
  });
};

/** Appends the decided orders 0 to `orders` - 1. @throws when a record was not acknowledged. */
export const appendOrders = async (
  producer: LogProducer,
  codec: EventCodec,
  orders: number,
): Promise<void> => {
  for (let from = 0; from < orders; from += chunkOrders) {
    const records: NewRecord[] = [];
    for (let number = from; number < Math.min(orders, from + chunkOrders); number += 1) {
      records.push(requestOf(codec, number), outcomeOf(codec, number));
    }
    await append(producer, records);
  }
};
