"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.connectLog = exports.SimulatedLog = void 0;
const log_1 = require("../../chassis/kafka/log");
const partitioner_1 = require("../../chassis/kafka/partitioner");
/** Partitions of each topic, as arrays of records. Append times are the world's. */
class SimulatedLog {
    /** Records that a producer gave up on and that are still on their way. */
    delayed = [];
    topics = new Map();
    world;
    constructor(world, partitions) {
        this.world = world;
        for (const [topic, count] of Object.entries(partitions)) {
            this.topics.set(topic, Array.from({ length: count }, () => []));
        }
    }
    partitions(topic) {
        return this.topics.get(topic) ?? [];
    }
    append(record) {
        const partitions = this.topics.get(record.topic) ?? [];
        const key = typeof record.key === 'string' ? Buffer.from(record.key) : record.key;
        const partition = record.partition ?? (key ? (0, partitioner_1.partitionOf)(key, partitions.length) : 0);
        const records = partitions[partition];
        if (!records)
            throw new TypeError(`no partition ${partition} of ${record.topic}`);
        const { topic, value, headers = {} } = record;
        const place = { partition, offset: records.length, appendedAtMs: this.world.nowMs };
        records.push({ topic, key, value, headers, ...place });
        return place;
    }
}
exports.SimulatedLog = SimulatedLog;
const lostAnswer = () => ({ kind: 'unknown', error: new Error('no answer in time') });
/** One process' way to the log: answers get lost, and copies of what was given up on arrive later. */
const connectLog = (log, world, actor, faults) => {
    const { random } = faults;
    const sendOne = (record) => {
        const chance = faults.isOn() ? random.next() : 1;
        if (chance < 0.05) {
            log.delayed.push(record);
            return lostAnswer();
        }
        if (chance < 0.1) {
            log.append(record);
            return lostAnswer();
        }
        /** The producer sends again what had no answer; the first copy may still arrive. */
        if (chance < 0.2)
            log.delayed.push(record);
        return { kind: 'acked', ...log.append(record) };
    };
    const sendAll = async (records) => {
        await world.turn(actor);
        return records.map(sendOne);
    };
    const askedOf = async (topic) => {
        await world.turn(actor);
        if (faults.isOn() && random.chance(0.01))
            throw new log_1.InfrastructureError('the broker does not answer');
        return log.partitions(topic);
    };
    return {
        queued: 0,
        stop: () => Promise.resolve(),
        sendAll,
        send: async (record) => (await sendAll([record]))[0] ?? lostAnswer(),
        ranges: async (topic) => (await askedOf(topic)).map((records, partition) => ({ partition, low: 0, high: records.length })),
        ends: async (topic) => (await askedOf(topic)).map(({ length }) => length),
        read: async ({ topic, from, to, onRecords }) => {
            const partitions = log.partitions(topic);
            const ends = new Map(partitions.map((records, partition) => [partition, to?.get(partition) ?? records.length]));
            for (const [partition, records] of partitions.entries()) {
                await world.turn(actor);
                const wanted = records.slice(from?.get(partition) ?? 0, ends.get(partition));
                const breaksOff = faults.isOn() && random.chance(0.01);
                const read = breaksOff ? wanted.slice(0, random.integer(wanted.length + 1)) : wanted;
                if (read.length > 0)
                    await onRecords(read);
                if (breaksOff)
                    throw new log_1.InfrastructureError('the broker does not answer any more');
            }
            return ends;
        },
    };
};
exports.connectLog = connectLog;
//# sourceMappingURL=simulated-log.js.map