"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MemoryLog = void 0;
const log_1 = require("./log");
const memory_consumer_1 = require("./memory-consumer");
const partitioner_1 = require("./partitioner");
const bytes = (text) => typeof text === 'string' ? Buffer.from(text) : text;
const bytesOfAll = (headers) => Object.fromEntries(Object.entries(headers ?? {}).flatMap(([name, value]) => value === undefined ? [] : [[name, bytes(value) ?? undefined]]));
/**
 * The log without a broker, for unit tests: the same ports with the same promises, held in memory.
 */
class MemoryLog {
    #topics = new Map();
    #groups = new Map();
    #watchers = new Set();
    #now;
    /**
     * One for each of the next records sent; 'lost' and 'answer lost' both end 'unknown', the latter is in the log, and
     * 'refused' is a rejection for good.
     */
    sends = [];
    #keyless = 0;
    constructor(now = Date.now) {
        this.#now = now;
    }
    /** All records of a topic, partition after partition. */
    records(topic) {
        return this.partitions(topic).flat();
    }
    /** Throws InfrastructureError when the topic does not exist. */
    partitions(topic) {
        return this.#topic(topic).partitions;
    }
    /** Calls `watcher` after each append until the returned function is called. */
    watch(watcher) {
        this.#watchers.add(watcher);
        return () => this.#watchers.delete(watcher);
    }
    producer() {
        let stopped = false;
        const send = (record) => {
            const error = new Error(stopped ? 'the producer is stopped' : 'a scripted fault');
            if (stopped)
                return { kind: 'rejected', error };
            const fault = this.sends.shift();
            if (fault === 'rejected')
                return { kind: 'rejected', error };
            if (fault === 'refused')
                return { kind: 'rejected', error, isFinal: true };
            if (fault === 'lost')
                return { kind: 'unknown', error };
            const outcome = this.#append(record);
            return fault === 'answer lost' ? { kind: 'unknown', error } : outcome;
        };
        return {
            queued: 0,
            send: async (record) => send(record),
            sendAll: async (records) => records.map(send),
            stop: async () => {
                stopped = true;
            },
        };
    }
    reader() {
        return {
            read: async ({ topic, from, to, onRecords, signal }) => {
                const ends = new Map();
                for (const [partition, records] of this.partitions(topic).entries()) {
                    signal?.throwIfAborted();
                    const start = from?.get(partition) ?? 0;
                    const end = to?.get(partition) ?? records.length;
                    if (end > records.length)
                        throw new log_1.InfrastructureError(`${topic}:${partition} ends at ${records.length}`);
                    if (start < end)
                        await onRecords(records.slice(start, end));
                    ends.set(partition, Math.max(start, end));
                }
                return ends;
            },
        };
    }
    admin() {
        return {
            ranges: async (topic) => this.partitions(topic).map((records, partition) => ({ partition, low: 0, high: records.length })),
            ends: async (topic) => this.partitions(topic).map(({ length }) => length),
            createTopics: async (topics) => {
                const missing = topics.filter((topic) => !this.#topics.has(topic.name));
                for (const settings of missing) {
                    const partitions = Array.from({ length: settings.partitions }, () => []);
                    this.#topics.set(settings.name, { settings, partitions });
                }
                return missing.map((topic) => topic.name);
            },
            differences: async (topics) => topics.flatMap((topic) => this.#differences(topic)),
            ping: async () => undefined,
            stop: async () => undefined,
        };
    }
    consumer(options) {
        const group = this.#groups.get(options.groupId) ?? new memory_consumer_1.MemoryGroup(this);
        this.#groups.set(options.groupId, group);
        return new memory_consumer_1.MemoryConsumer(this, group, options);
    }
    /** Sets a group's committed offset, as an operator might. */
    commit(groupId, topic, partition, offset) {
        const group = this.#groups.get(groupId) ?? new memory_consumer_1.MemoryGroup(this);
        this.#groups.set(groupId, group);
        group.committed.set(`${topic}:${partition}`, offset);
    }
    #topic(name) {
        const topic = this.#topics.get(name);
        if (!topic)
            throw new log_1.InfrastructureError(`the topic ${name} does not exist`);
        return topic;
    }
    #append(record) {
        const partitions = this.#topics.get(record.topic)?.partitions ?? [];
        const partition = record.partition ?? this.#partitionFor(record.key, partitions.length);
        const records = partitions[partition];
        if (!records) {
            const error = new Error(`${record.topic} has no partition ${partition}`);
            return { kind: 'rejected', error };
        }
        const appendedAtMs = this.#now();
        const offset = records.length;
        records.push({
            topic: record.topic,
            partition,
            offset,
            key: bytes(record.key),
            value: record.value,
            headers: bytesOfAll(record.headers),
            appendedAtMs,
        });
        for (const watcher of this.#watchers)
            watcher();
        return { kind: 'acked', partition, offset, appendedAtMs };
    }
    #partitionFor(key, count) {
        if (key !== null)
            return (0, partitioner_1.partitionOf)(key, count);
        this.#keyless += 1;
        return this.#keyless % count;
    }
    #differences(wanted) {
        const found = this.#topics.get(wanted.name)?.settings;
        if (!found)
            return [`topic ${wanted.name} does not exist`];
        const differences = [];
        if (found.partitions !== wanted.partitions) {
            differences.push(`topic ${wanted.name} has ${found.partitions} partitions instead of ${wanted.partitions}`);
        }
        for (const [name, value] of Object.entries(wanted.config)) {
            const actual = found.config[name];
            if (actual !== value)
                differences.push(`topic ${wanted.name} has ${name}=${actual} instead of ${value}`);
        }
        return differences;
    }
}
exports.MemoryLog = MemoryLog;
//# sourceMappingURL=memory-log.js.map