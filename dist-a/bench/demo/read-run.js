"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readRun = void 0;
const topics_1 = require("../../schemas/topics");
/** Reads a topic to its end and hands every record that decodes over, in log order within a partition. */
const readEvents = async (reader, codec, topic, onEvent) => {
    await reader.read({
        topic,
        onRecords: async (records) => {
            for (const record of records) {
                const decoded = await decodeKnown(codec, topic, record);
                if (decoded.kind === 'event')
                    onEvent(decoded.event, record);
            }
        },
    });
};
const decodeKnown = async (codec, topic, record) => {
    const decoded = codec.decode(topic, record.value);
    if (decoded.kind !== 'unknown-schema')
        return decoded;
    await codec.learn(decoded.schemaId);
    return codec.decode(topic, record.value);
};
const isOfRun = (requestId, runId) => requestId.startsWith(`${runId}-`);
/**
 * The demo's own fold of the log, written apart from the projector's so that a mistake there cannot hide itself:
 * an outcome whose epoch is older than the last marker before it in its partition is void.
 */
const readRun = async (reader, codec, runId) => {
    const requests = new Map();
    const outcomes = [];
    const fences = new Map();
    let deadLetters = 0;
    await readEvents(reader, codec, topics_1.topics.orderRequests.name, (event) => {
        if (event.type !== 'OrderRequested' || !isOfRun(event.request_id, runId))
            return;
        if (!requests.has(event.request_id))
            requests.set(event.request_id, event);
    });
    await readEvents(reader, codec, topics_1.topics.orderOutcomes.name, (event, { partition }) => {
        const fence = fences.get(partition) ?? -1;
        if (event.type === 'EpochStarted')
            fences.set(partition, Math.max(fence, event.epoch));
        if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed')
            return;
        if (event.epoch >= fence && isOfRun(event.request_id, runId))
            outcomes.push(event);
    });
    await reader.read({
        topic: topics_1.topics.orderDlq.name,
        onRecords: (records) => {
            deadLetters += records.filter(({ key }) => isOfRun(key?.toString('utf8') ?? '', runId)).length;
        },
    });
    return { requests: [...requests.values()], outcomes, deadLetters };
};
exports.readRun = readRun;
//# sourceMappingURL=read-run.js.map