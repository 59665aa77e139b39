"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.parkLetters = void 0;
const connection_1 = require("../../chassis/kafka/connection");
const producer_1 = require("../../chassis/kafka/producer");
const event_codec_1 = require("../../schemas/event-codec");
const topics_1 = require("../../schemas/topics");
/**
 * Writes two records that become dead letters: an order without its key, which a redrive repairs, and bytes that are no
 * event, which fail again.
 */
const parkLetters = async (system, order) => {
    const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl } = system.infrastructure.variables;
    const topic = topics_1.topics.orderRequests.name;
    const codec = await (0, event_codec_1.createEventCodec)({ registryUrl, topics: [topics_1.topics.orderRequests] });
    const value = codec.encode(topic, {
        type: 'OrderRequested',
        request_id: order.requestId,
        user_id: 'ann',
        item_id: order.itemId,
        amount: 1,
        requested_at: Date.now(),
        sales_channel: null,
    });
    const producer = await (0, producer_1.createLogProducer)((0, connection_1.kafkaConnection)({ brokers: brokers.split(','), clientId: 'partner' }));
    const outcomes = await producer.sendAll([
        { topic, partition: 0, key: null, value },
        { topic, partition: 1, key: null, value: Buffer.from('no event') },
    ]);
    await producer.stop(5_000);
    if (outcomes.some(({ kind }) => kind !== 'acked'))
        throw new Error('Kafka did not take the records');
};
exports.parkLetters = parkLetters;
//# sourceMappingURL=park-letters.js.map