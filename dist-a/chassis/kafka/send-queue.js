"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.SendQueue = void 0;
const partitioner_1 = require("./partitioner");
/** Two lists, each oldest first, as one. */
const byAge = (some, others) => {
    const merged = [];
    let index = 0;
    for (const record of some) {
        for (let other = others[index]; other && other.queuedAtMs < record.queuedAtMs; other = others[index]) {
            merged.push(other);
            index += 1;
        }
        merged.push(record);
    }
    return merged.concat(others.slice(index));
};
/**
 * Records waiting for a request, oldest first, with all their deadlines in the same order because every record gets
 * the same time. The queue does not bound itself; it counts.
 */
class SendQueue {
    #waiting = [];
    #inFlight = [];
    #records = 0;
    #bytes = 0;
    #keyless = 0;
    #recordsOf = new Map();
    /** Records without an outcome, waiting or in flight. */
    get records() {
        return this.#records;
    }
    get bytes() {
        return this.#bytes;
    }
    get waiting() {
        return this.#waiting.length;
    }
    /** The record whose deadline comes first. */
    oldest() {
        const flying = this.#inFlight.find((record) => !record.settled);
        const waiting = this.#waiting[0];
        if (flying === undefined || waiting === undefined)
            return flying ?? waiting;
        return waiting.deadlineAtMs < flying.deadlineAtMs ? waiting : flying;
    }
    add(record, known, settle) {
        const { bytes, nowMs, deadlineMs } = known;
        this.#records += 1;
        this.#bytes += bytes;
        this.#recordsOf.set(record.topic, (this.#recordsOf.get(record.topic) ?? 0) + 1);
        this.#waiting.push({
            topic: record.topic,
            partition: record.partition,
            key: record.key,
            value: record.value,
            headers: record.headers,
            bytes,
            queuedAtMs: nowMs,
            deadlineAtMs: nowMs + deadlineMs,
            maybeWritten: false,
            lastError: undefined,
            settle,
            settled: false,
        });
    }
    /** Topics of the records without an outcome. */
    topics() {
        return this.#recordsOf.keys();
    }
    /**
     * The oldest records that fit into one request, by partition, at least one if any can go. Records of a topic or
     * partition without a known leader stay, in their order.
     */
    take(leadersOf, limits) {
        const batches = new Map();
        const kept = [];
        const taken = [];
        let bytes = 0;
        let index = 0;
        for (; index < this.#waiting.length && taken.length < limits.recordsMax; index += 1) {
            const record = this.#waiting[index];
            if (record === undefined)
                break;
            if (taken.length > 0 && bytes + record.bytes > limits.bytesMax)
                break;
            if (this.#place(record, leadersOf(record.topic), batches)) {
                taken.push(record);
                bytes += record.bytes;
            }
            else
                kept.push(record);
        }
        this.#waiting = kept.concat(this.#waiting.slice(index));
        this.#inFlight = taken;
        return [...batches.values()];
    }
    /**
     * Puts those that are to be sent again back in their old order; the others have their outcome. What waits without a
     * leader may be older: behind younger records its deadline would not be seen until theirs.
     */
    giveBack() {
        const again = this.#inFlight.filter((record) => !record.settled);
        this.#inFlight = [];
        if (again.length > 0)
            this.#waiting = byAge(again, this.#waiting);
    }
    settle(record, outcome) {
        if (record.settled)
            return;
        record.settled = true;
        this.#records -= 1;
        this.#bytes -= record.bytes;
        const left = (this.#recordsOf.get(record.topic) ?? 0) - 1;
        if (left > 0)
            this.#recordsOf.set(record.topic, left);
        else
            this.#recordsOf.delete(record.topic);
        record.settle(outcome);
    }
    /** Gives every record whose deadline is before `nowMs` its outcome; with Infinity, every record. */
    expire(nowMs, reason) {
        for (const record of this.#inFlight) {
            if (record.deadlineAtMs > nowMs)
                break;
            this.#giveUp(record, true, reason);
        }
        let expired = 0;
        for (const record of this.#waiting) {
            if (record.deadlineAtMs > nowMs)
                break;
            this.#giveUp(record, record.maybeWritten, reason);
            expired += 1;
        }
        if (expired > 0)
            this.#waiting = this.#waiting.slice(expired);
    }
    #giveUp(record, maybeWritten, reason) {
        const error = new Error(`${reason}: ${record.lastError?.message ?? 'no answer from Kafka'}`, {
            cause: record.lastError,
        });
        this.settle(record, { kind: maybeWritten ? 'unknown' : 'rejected', error });
    }
    #place(record, leaders, batches) {
        if (leaders === undefined)
            return false;
        record.partition ??= this.#partitionFor(record, leaders.length);
        const leader = leaders[record.partition];
        if (leader === undefined) {
            record.lastError ??= new Error(`${record.topic}:${record.partition} has no leader`);
            return false;
        }
        const name = `${record.topic}:${record.partition}`;
        const batch = batches.get(name);
        if (batch)
            batch.records.push(record);
        else
            batches.set(name, { topic: record.topic, partition: record.partition, leader, records: [record] });
        return true;
    }
    /** Keyless records go round the partitions. */
    #partitionFor(record, count) {
        if (record.key !== null)
            return (0, partitioner_1.partitionOf)(record.key, count);
        this.#keyless += 1;
        return this.#keyless % count;
    }
}
exports.SendQueue = SendQueue;
//# sourceMappingURL=send-queue.js.map