import type { EventType } from './events';

/**
 * Every topic, declared once; no other file spells a topic's name.
 * `partitions: 'orders'` follows the ORDER_PARTITIONS setting: requests and outcomes must have the same count and
 * partitioner, because an order's request and its outcome are fenced and folded partition by partition.
 */
export interface Topic {
  readonly name: string;
  readonly partitions: 'orders' | number;
  /** Event types allowed on it; none means raw bytes. Anything else found there is poison. */
  readonly eventTypes: readonly EventType[];
  /** What a new topic gets beside `topicConfig`. One that exists is not refused for it: an older stack has it not. */
  readonly createdWith?: Readonly<Record<string, string>>;
}

export const topics = {
  orderRequests: { name: 'order-requests', partitions: 'orders', eventTypes: ['OrderRequested'] },
  orderOutcomes: {
    name: 'order-outcomes',
    partitions: 'orders',
    eventTypes: ['OrderCompleted', 'OrderFailed', 'EpochStarted'],
  },
  stockAdjustments: {
    name: 'stock-adjustments',
    partitions: 4,
    eventTypes: ['StockAdjusted', 'BuyerLimitSet', 'SaleChanged'],
  },
  sagaEpochs: { name: 'saga-epochs', partitions: 1, eventTypes: ['EpochClaimed'] },
  paymentRetries: { name: 'payment-retries', partitions: 'orders', eventTypes: ['OrderRequested'] },
  deadLetterCommands: {
    name: 'dead-letter-commands',
    partitions: 1,
    eventTypes: ['LettersPlanned', 'RedriveOrdered', 'LettersRedriven', 'LettersDiscarded'],
  },
  /** A letter is its record and what is known of it: one of the largest a broker takes by default must fit. */
  orderDlq: {
    name: 'order-dlq',
    partitions: 'orders',
    eventTypes: [],
    createdWith: { 'max.message.bytes': '2097152' },
  },
} as const satisfies Record<string, Topic>;

/** What may be written of a letter; other topics take the broker's default, 1,048,588 bytes with the framing. */
export const letterBytesMax = 2_000_000;

export type TopicName = (typeof topics)[keyof typeof topics]['name'];

/**
 * Unlimited retention, because every view is rebuilt from these topics; the broker's append time, because no decision
 * may rest on a service's wall clock; stored uncompressed, because an lz4, snappy or zstd batch of a foreign producer
 * would stop a kafkajs consumer: with this setting the broker unpacks what arrives.
 */
export const topicConfig = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'message.timestamp.type': 'LogAppendTime',
  'compression.type': 'uncompressed',
} as const;
