"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.topicConfig = exports.letterBytesMax = exports.topics = void 0;
exports.topics = {
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
};
/** What may be written of a letter; other topics take the broker's default, 1,048,588 bytes with the framing. */
exports.letterBytesMax = 2_000_000;
/**
 * Unlimited retention, because every view is rebuilt from these topics; the broker's append time, because no decision
 * may rest on a service's wall clock; stored uncompressed, because an lz4, snappy or zstd batch of a foreign producer
 * would stop a kafkajs consumer: with this setting the broker unpacks what arrives.
 */
exports.topicConfig = {
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    'message.timestamp.type': 'LogAppendTime',
    'compression.type': 'uncompressed',
};
//# sourceMappingURL=topics.js.map