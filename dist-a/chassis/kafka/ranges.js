"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readEnds = exports.readRanges = void 0;
const log_1 = require("./log");
const api_1 = require("./wire/api");
const earliest = -2;
const latest = -1;
const readOffsets = async (cluster, place, timestamp) => {
    const link = await cluster.node(place.nodeId);
    const partitions = place.partitions.map((partition) => ({ partition, timestamp }));
    const answer = await link.ask('ListOffsets', {
        isolationLevel: 0,
        topics: [{ topic: place.topic, partitions }],
    });
    const offsets = new Map();
    for (const { partition, offset, errorCode } of answer.responses.flatMap((each) => each.partitions)) {
        if (errorCode !== api_1.kafkaError.none) {
            throw new log_1.InfrastructureError(`offsets of ${place.topic}:${partition}: ${(0, api_1.kafkaErrorText)(errorCode)}`);
        }
        offsets.set(partition, Number(offset));
    }
    return offsets;
};
/** What `ask` gives for the partitions of each leader, together. Throws InfrastructureError. */
const askLeaders = async (cluster, topic, ask) => {
    try {
        const byLeader = new Map();
        (await cluster.leaders(topic)).forEach((leader, partition) => {
            if (leader === undefined)
                throw new log_1.InfrastructureError(`${topic}:${partition} has no leader`);
            byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
        });
        const places = [...byLeader].map(([nodeId, partitions]) => ({ nodeId, topic, partitions }));
        return (await Promise.all(places.map(ask))).flat();
    }
    catch (error) {
        // Else a broker that has died would be asked, or a leader be missing, for as long as metadata lasts: 60 s.
        cluster.forget(topic);
        throw error;
    }
};
/** First and next offset of every partition, in the order of the partitions. Throws InfrastructureError. */
const readRanges = async (cluster, topic) => {
    const ranges = await askLeaders(cluster, topic, async (place) => {
        const low = await readOffsets(cluster, place, earliest);
        const high = await readOffsets(cluster, place, latest);
        return place.partitions.map((partition) => ({
            partition,
            low: low.get(partition) ?? 0,
            high: high.get(partition) ?? 0,
        }));
    });
    return ranges.toSorted((a, b) => a.partition - b.partition);
};
exports.readRanges = readRanges;
/** The next offset of every partition, by partition. Throws InfrastructureError. */
const readEnds = async (cluster, topic) => {
    const found = await askLeaders(cluster, topic, async (place) => [
        ...(await readOffsets(cluster, place, latest)),
    ]);
    const ends = [];
    for (const [partition, end] of found)
        ends[partition] = end;
    return ends;
};
exports.readEnds = readEnds;
//# sourceMappingURL=ranges.js.map