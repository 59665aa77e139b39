import type { LogProducer, NewRecord } from '../../chassis/kafka/log';
import type { EventCodec } from '../../schemas/codec';
import type { DomainEvent, OrderRequested, StockAdjusted } from '../../schemas/events';
import { eventIdOf } from '../../schemas/event-id';
import { toRecord } from '../../schemas/new-record';
import { topics, type TopicName } from '../../schemas/topics';

/** A sale to be decided: every order is of a buyer of its own, for one unit. */
export interface Sale {
  /** In every key and item name, so that sales in one log stay apart. */
  readonly name: string;
  readonly orders: number;
  readonly items: number;
  /** Share of the demand of each item that is in stock, 0 to 1. */
  readonly stockedShare: number;
}

export const itemOf = ({ name, items }: Sale, index: number): string => `${name}-item-${index % items}`;

export const unitsOf = ({ orders, items, stockedShare }: Sale): number =>
  Math.floor((orders / items) * stockedShare);

/** As the command API makes them: a key that the client chose, headers with ids. */
export const requestOf = (sale: Sale, index: number): OrderRequested => ({
  type: 'OrderRequested',
  request_id: `${sale.name}-${index.toString(36)}-${((index * 2_654_435_761) % 4_294_967_296).toString(16)}`,
  user_id: `user-${index}`,
  item_id: itemOf(sale, index),
  amount: 1,
  requested_at: 1_700_000_000_000 + index,
  sales_channel: null,
});

const stockOf = (sale: Sale, index: number): StockAdjusted => ({
  type: 'StockAdjusted',
  item_id: itemOf(sale, index),
  delta: unitsOf(sale),
  reason: 'bench',
  command_id: `${sale.name}-stock-${index}`,
  actor: 'bench',
  adjusted_at: 1_700_000_000_000,
  expected_version: null,
});

export const recordOf = (codec: EventCodec, topic: TopicName, event: DomainEvent): NewRecord => {
  const id = eventIdOf(event);
  return toRecord(codec, topic, event, {
    event_id: id,
    correlation_id: id,
    causation_id: id,
    source: 'bench',
  });
};

const chunk = 10_000;

/** Sends records that are made as they are needed. @throws when one is not acknowledged. */
export const produceAll = async (
  producer: LogProducer,
  count: number,
  recordAt: (index: number) => NewRecord,
): Promise<void> => {
  for (let from = 0; from < count; from += chunk) {
    const length = Math.min(chunk, count - from);
    const records = Array.from({ length }, (_, index) => recordAt(from + index));
    const outcomes = await producer.sendAll(records);
    if (outcomes.some(({ kind }) => kind !== 'acked')) throw new Error('a record was not acknowledged');
  }
};

/** Stocks the items of a sale and writes all its orders. */
export const writeBacklog = async (producer: LogProducer, codec: EventCodec, sale: Sale): Promise<void> => {
  await produceAll(producer, sale.items, (index) =>
    recordOf(codec, topics.stockAdjustments.name, stockOf(sale, index)),
  );
  await produceAll(producer, sale.orders, (index) =>
    recordOf(codec, topics.orderRequests.name, requestOf(sale, index)),
  );
};
