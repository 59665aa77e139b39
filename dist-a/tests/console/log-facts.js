"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readFacts = void 0;
const connection_1 = require("../../chassis/kafka/connection");
const reader_1 = require("../../chassis/kafka/reader");
const event_codec_1 = require("../../schemas/event-codec");
const topics_1 = require("../../schemas/topics");
/**
 * All orders of the log, each with its first request and its first outcome, and the dead letters. There is no lost Redis in the test, so no
 * outcome is void.
 */
const readFacts = async (system) => {
    const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl } = system.infrastructure.variables;
    const reader = (0, reader_1.createLogReader)((0, connection_1.kafkaConnection)({ brokers: brokers.split(','), clientId: 'truth' }));
    const codec = await (0, event_codec_1.createEventCodec)({ registryUrl, topics: [topics_1.topics.orderRequests, topics_1.topics.orderOutcomes] });
    const asked = new Map();
    const decided = new Map();
    const read = (topic) => reader.read({
        topic,
        onRecords: (records) => {
            for (const { value, appendedAtMs: atMs } of records) {
                const decoded = codec.decode(topic, value);
                if (decoded.kind !== 'event')
                    continue;
                const { event } = decoded;
                if (event.type === 'OrderRequested' && !asked.has(event.request_id)) {
                    const { item_id: itemId, amount: units } = event;
                    asked.set(event.request_id, { atMs, kind: 'accepted', itemId, units, tookMs: 0 });
                }
                if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed')
                    continue;
                const order = asked.get(event.request_id);
                if (order === undefined || decided.has(event.request_id))
                    continue;
                const kind = event.type === 'OrderCompleted' ? 'completed' : 'failed';
                decided.set(event.request_id, { ...order, atMs, kind, tookMs: atMs - order.atMs });
            }
        },
    });
    await read(topics_1.topics.orderRequests.name);
    await read(topics_1.topics.orderOutcomes.name);
    const letters = [];
    await reader.read({
        topic: topics_1.topics.orderDlq.name,
        onRecords: (records) => {
            for (const { appendedAtMs: atMs } of records)
                letters.push({ atMs, kind: 'letter', itemId: '', units: 0, tookMs: 0 });
        },
    });
    return [...asked.values(), ...decided.values(), ...letters];
};
exports.readFacts = readFacts;
//# sourceMappingURL=log-facts.js.map