"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.encodeUnder = exports.framed = exports.registerVariant = exports.orderRequested = exports.requestsSoFar = exports.inject = exports.produce = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const avsc_1 = require("avsc");
const connection_1 = require("../../../chassis/kafka/connection");
const producer_1 = require("../../../chassis/kafka/producer");
const reader_1 = require("../../../chassis/kafka/reader");
const known_ids_1 = require("../../../schemas/known-ids");
const registry_client_1 = require("../../../schemas/registry-client");
const topics_1 = require("../../../schemas/topics");
const project_root_1 = require("../../../stack/project-root");
/** Records that come into the log past the services. */
const connectionOf = ({ system }) => (0, connection_1.kafkaConnection)({ brokers: [system.direct.KAFKA_BROKERS], clientId: 'nemesis' });
/** Puts records into the log as somebody else's client would, and gives back where they are. */
const produce = async (stage, records) => {
    const producer = await (0, producer_1.createLogProducer)(connectionOf(stage));
    try {
        return (await producer.sendAll(records)).map((outcome) => {
            if (outcome.kind !== 'acked')
                throw new Error('an injected record was not taken', { cause: outcome.error });
            return outcome;
        });
    }
    finally {
        await producer.stop(3_000);
    }
};
exports.produce = produce;
/** As `produce`, and tells the judge that no service is to blame for these records. */
const inject = async (stage, records) => {
    const places = await (0, exports.produce)(stage, records);
    places.forEach(({ partition, offset }, index) => {
        const { key, topic } = records[index];
        stage.history.inject(key?.toString() ?? '', { topic, partition, offset });
    });
};
exports.inject = inject;
/** Every order that is in the log now. */
const requestsSoFar = async (stage) => {
    const found = [];
    await (0, reader_1.createLogReader)(connectionOf(stage)).read({
        topic: topics_1.topics.orderRequests.name,
        onRecords: (records) => void found.push(...records),
    });
    return found;
};
exports.requestsSoFar = requestsSoFar;
const orderRequested = (request_id, item_id) => ({
    request_id,
    user_id: 'newer',
    item_id,
    amount: 1,
    requested_at: Date.now(),
});
exports.orderRequested = orderRequested;
/** Today's schema with another doc: another id, and the same bytes. */
const variant = () => {
    const file = (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'schemas', 'OrderRequested', 'v2.avsc');
    return { ...JSON.parse((0, node_fs_1.readFileSync)(file, 'utf8')), doc: 'of a newer writer' };
};
const registryTimeoutMs = 5_000;
/** Registers a schema that no running service has met. @throws Error when the registry refuses it. */
const registerVariant = async (registryUrl) => {
    const subject = (0, known_ids_1.subjectOf)(topics_1.topics.orderRequests.name, 'OrderRequested');
    const registered = await (0, registry_client_1.createRegistryClient)(registryUrl, registryTimeoutMs).register(subject, JSON.stringify(variant()));
    if (registered.kind === 'refused')
        throw new Error(registered.reason);
    return registered.id;
};
exports.registerVariant = registerVariant;
/** Confluent framing. */
const framed = (schemaId, body) => {
    const head = Buffer.alloc(5);
    head.writeInt32BE(schemaId, 1);
    return Buffer.concat([head, body]);
};
exports.framed = framed;
const encodeUnder = (schemaId, order) => ({
    topic: topics_1.topics.orderRequests.name,
    key: order.request_id,
    value: (0, exports.framed)(schemaId, avsc_1.Type.forSchema(variant()).toBuffer({ ...order, sales_channel: null })),
});
exports.encodeUnder = encodeUnder;
//# sourceMappingURL=foreign-orders.js.map