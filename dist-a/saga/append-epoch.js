"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.writeMarkers = exports.claimEpoch = void 0;
const log_1 = require("../chassis/kafka/log");
const event_id_1 = require("../schemas/event-id");
const new_record_1 = require("../schemas/new-record");
const topics_1 = require("../schemas/topics");
const attemptsMax = 10;
const betweenAttemptsMs = 200;
const metadataOf = (event, partition) => {
    const event_id = (0, event_id_1.eventIdOf)(event, partition);
    return { event_id, correlation_id: event_id, causation_id: event_id, source: 'saga' };
};
/** Sends until acknowledged: a claim or a marker too many does no harm, one too few does. */
const append = async (parts, record) => {
    let last;
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const outcome = await parts.producer.send(record);
        if (outcome.kind === 'acked')
            return outcome;
        last = outcome.error;
        await parts.clock.pause(betweenAttemptsMs);
    }
    throw new log_1.InfrastructureError(`${record.topic} takes no record`, { cause: last });
};
/** Takes the next number for a generation of the stock store: the offset of the claim. */
const claimEpoch = async (parts, holder, reason) => {
    const event = {
        type: 'EpochClaimed',
        claimed_by: holder,
        reason,
        claimed_at: parts.wallClockMs(),
    };
    const record = (0, new_record_1.toRecord)(parts.codec, topics_1.topics.sagaEpochs.name, event, metadataOf(event));
    return (await append(parts, record)).offset;
};
exports.claimEpoch = claimEpoch;
/** Rule R5: puts the fence of an epoch into every partition of the outcomes. */
const writeMarkers = async (parts, epoch) => {
    const topic = topics_1.topics.orderOutcomes.name;
    const ranges = await parts.admin.ranges(topic);
    const written = await Promise.all(ranges.map(async ({ partition }) => {
        const event = { type: 'EpochStarted', epoch, started_at: parts.wallClockMs() };
        const record = (0, new_record_1.toRecord)(parts.codec, { topic, partition }, event, metadataOf(event, partition));
        return { partition, ...(await append(parts, record)) };
    }));
    return {
        ends: new Map(written.map(({ partition, offset }) => [partition, offset + 1])),
        atMs: Math.max(...written.map(({ appendedAtMs }) => appendedAtMs)),
    };
};
exports.writeMarkers = writeMarkers;
//# sourceMappingURL=append-epoch.js.map