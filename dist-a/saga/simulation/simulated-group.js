"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runLane = exports.SimulatedGroup = void 0;
const log_1 = require("../../chassis/kafka/log");
/** A consumer group: who has a partition, since which generation, and what is committed. */
class SimulatedGroup {
    topic;
    committed;
    generation;
    owner;
    constructor(topic, partitions, owners) {
        this.topic = topic;
        this.committed = Array.from({ length: partitions }, () => 0);
        this.generation = Array.from({ length: partitions }, () => 0);
        this.owner = Array.from({ length: partitions }, (_, partition) => owners[partition % owners.length] ?? '');
    }
    assign(partition, owner) {
        this.owner[partition] = owner;
        this.generation[partition] = (this.generation[partition] ?? 0) + 1;
    }
    /** Somebody sets the offsets back. */
    resetTo(partition, offset) {
        this.committed[partition] = offset;
        this.generation[partition] = (this.generation[partition] ?? 0) + 1;
    }
}
exports.SimulatedGroup = SimulatedGroup;
const idleMs = 60;
const backoffMs = 80;
const chunkMax = 3;
const startOf = async (parts) => {
    const { group, partition, startAt } = parts;
    for (;;) {
        try {
            return (await startAt?.(group.topic, partition)) ?? group.committed[partition] ?? 0;
        }
        catch (error) {
            if (!(error instanceof log_1.InfrastructureError))
                throw error;
            await parts.world.pause(parts.actor, backoffMs);
        }
    }
};
const refresh = async (parts, tenure) => {
    const { group, partition, actor, random } = parts;
    const generation = group.generation[partition] ?? 0;
    if (group.owner[partition] === actor.name) {
        if (tenure?.generation === generation)
            return tenure;
        tenure?.over.abort();
        return { generation, over: new AbortController(), next: await startOf(parts) };
    }
    if (!tenure || (parts.faultsAreOn() && !random.chance(0.15)))
        return tenure;
    tenure.over.abort();
    return undefined;
};
/** A zombie's commit may still reach the broker: kafkajs does not name the generation it belongs to (#1046). */
const commit = ({ group, partition, random, faultsAreOn }, generation, offset) => {
    const isZombies = faultsAreOn() && random.chance(0.1);
    if (group.generation[partition] === generation || isZombies)
        group.committed[partition] = offset;
};
const handleSome = async (parts, tenure) => {
    const { world, actor, log, group, partition, random } = parts;
    const records = log.partitions(group.topic)[partition] ?? [];
    const chunk = records.slice(tenure.next, tenure.next + 1 + random.integer(chunkMax));
    if (chunk.length === 0)
        return world.pause(actor, idleMs);
    if (parts.commitsFirst)
        commit(parts, tenure.generation, tenure.next + chunk.length);
    try {
        tenure.next += await parts.handler(chunk, tenure.over.signal);
    }
    catch (error) {
        if (!(error instanceof log_1.InfrastructureError))
            parts.onBug();
        return world.pause(actor, backoffMs);
    }
    await world.turn(actor);
    if (!parts.commitsFirst)
        commit(parts, tenure.generation, tenure.next);
};
/** One member's work on one partition, for as long as its process lives. */
const runLane = async (parts) => {
    let tenure;
    for (;;) {
        await parts.world.turn(parts.actor);
        tenure = await refresh(parts, tenure);
        if (tenure)
            await handleSome(parts, tenure);
        else
            await parts.world.pause(parts.actor, idleMs);
    }
};
exports.runLane = runLane;
//# sourceMappingURL=simulated-group.js.map