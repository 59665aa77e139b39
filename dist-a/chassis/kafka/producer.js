"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createLogProducer = void 0;
const deadline_1 = require("../deadline");
const produce_attempt_1 = require("./produce-attempt");
const request_pace_1 = require("./request-pace");
const send_queue_1 = require("./send-queue");
const cluster_1 = require("./wire/cluster");
const record_batch_writer_1 = require("./wire/record-batch-writer");
const retryDelaysMs = [20, 50, 100, 200, 400];
const defaults = {
    everyMs: 3,
    hurryRecords: 64,
    batchRecordsMax: 2_000,
    batchBytesMax: 768 * 1024,
    queueMax: 20_000,
    queueBytesMax: 64 * 1024 * 1024,
    recordBytesMax: 1_000_000,
    deadlineMs: 3_000,
};
/**
 * acks=all, not idempotent, one batch in flight: overlapping requests could not be told apart after a lost answer.
 * A batch whose fate is unclear is sent again while its records' deadline lasts, so a fault may write a record
 * twice; readers fold duplicates away. Records keep their order within a partition, duplicates aside.
 */
class BatchingProducer {
    #options;
    #cluster;
    #queue = new send_queue_1.SendQueue();
    #stopped = new AbortController();
    #batchBytes;
    #stopping = false;
    #pumping = false;
    #pace;
    #deadlineTimer;
    #onDrained;
    constructor(cluster, options) {
        this.#cluster = cluster;
        this.#options = options;
        this.#batchBytes = options.batchBytesMax;
        this.#pace = new request_pace_1.RequestPace(options.everyMs);
    }
    get queued() {
        return this.#queue.records;
    }
    send(record) {
        return new Promise((resolve) => {
            this.#add(record, performance.now(), resolve);
            this.#schedule();
        });
    }
    sendAll(records) {
        if (records.length === 0)
            return Promise.resolve([]);
        return new Promise((resolve) => {
            const outcomes = new Array(records.length);
            let left = records.length;
            const nowMs = performance.now();
            records.forEach((record, index) => {
                this.#add(record, nowMs, (outcome) => {
                    outcomes[index] = outcome;
                    left -= 1;
                    if (left === 0)
                        resolve(outcomes);
                });
            });
            this.#schedule();
        });
    }
    async stop(timeoutMs) {
        this.#stopping = true;
        if (this.#queue.records > 0) {
            const drained = new Promise((resolve) => (this.#onDrained = resolve));
            this.#pace.hurry();
            const late = new AbortController();
            await Promise.race([drained, (0, deadline_1.pause)(timeoutMs, late.signal)]);
            late.abort();
        }
        this.#stopped.abort();
        this.#queue.expire(Number.POSITIVE_INFINITY, 'the producer was stopped');
        clearTimeout(this.#deadlineTimer);
        this.#cluster.close();
    }
    #add(record, nowMs, settle) {
        const bytes = (0, record_batch_writer_1.estimateBytes)(record);
        const { recordBytesMax, deadlineMs } = this.#options;
        const refusal = this.#refusal(bytes);
        if (refusal !== undefined)
            settle({ kind: 'rejected', error: new Error(refusal) });
        else if (bytes > recordBytesMax) {
            const error = new Error(`the record has ${bytes} bytes, ${recordBytesMax} are allowed`);
            settle({ kind: 'rejected', error, isFinal: true });
        }
        else
            this.#queue.add(record, { bytes, nowMs, deadlineMs }, settle);
    }
    #refusal(bytes) {
        if (this.#stopping)
            return 'the producer is stopped';
        const isFull = this.#queue.records >= this.#options.queueMax ||
            this.#queue.bytes + bytes > this.#options.queueBytesMax;
        return isFull ? 'the send queue is full' : undefined;
    }
    #schedule() {
        if (this.#queue.records === 0)
            return;
        this.#watchDeadline();
        if (this.#hasCompany())
            this.#pace.hurry();
        if (!this.#pumping)
            void this.#pump();
    }
    #hasCompany() {
        const { hurryRecords } = this.#options;
        return this.#queue.waiting >= hurryRecords || this.#queue.bytes >= this.#batchBytes;
    }
    /** Sends batch after batch until nothing waits. */
    async #pump() {
        this.#pumping = true;
        let failures = 0;
        await this.#pace.turn(this.#stopping || this.#hasCompany());
        while (this.#queue.waiting > 0 && !this.#stopped.signal.aborted) {
            this.#pace.noteBegin();
            const allAcked = await this.#sendOneBatch();
            failures = allAcked ? 0 : failures + 1;
            const delayMs = retryDelaysMs[Math.min(failures, retryDelaysMs.length) - 1];
            if (delayMs !== undefined)
                await (0, deadline_1.pause)(delayMs, this.#stopped.signal);
            else if (this.#queue.waiting > 0)
                await this.#pace.turn(this.#stopping || this.#hasCompany());
        }
        this.#pumping = false;
        if (this.#queue.records === 0)
            this.#onDrained?.();
    }
    /** False when something has to be sent again. */
    async #sendOneBatch() {
        for (const topic of this.#queue.topics())
            await this.#learnLeaders(topic);
        const limits = { recordsMax: this.#options.batchRecordsMax, bytesMax: this.#batchBytes };
        const batches = this.#queue.take((topic) => this.#cluster.knownLeaders(topic), limits);
        if (batches.length === 0)
            return false;
        const sentAtMs = Date.now();
        let allAcked = true;
        for (const [batch, verdict] of await (0, produce_attempt_1.attemptProduce)(this.#cluster, batches)) {
            this.#apply(batch, verdict, sentAtMs);
            if (verdict.kind !== 'acked')
                allAcked = false;
        }
        this.#queue.giveBack();
        if (allAcked)
            this.#batchBytes = Math.min(this.#options.batchBytesMax, this.#batchBytes * 2);
        return allAcked;
    }
    async #learnLeaders(topic) {
        try {
            await this.#cluster.leaders(topic);
        }
        catch (error) {
            const oldest = this.#queue.oldest();
            if (oldest && error instanceof Error)
                oldest.lastError ??= error;
        }
    }
    #apply(batch, verdict, sentAtMs) {
        switch (verdict.kind) {
            case 'acked': {
                const appendedAtMs = verdict.appendedAtMs >= 0 ? verdict.appendedAtMs : sentAtMs;
                batch.records.forEach((record, index) => {
                    const offset = verdict.baseOffset + index;
                    this.#queue.settle(record, { kind: 'acked', partition: batch.partition, offset, appendedAtMs });
                });
                return;
            }
            case 'refused':
                for (const record of batch.records) {
                    this.#queue.settle(record, { kind: 'rejected', error: verdict.error, isFinal: true });
                }
                return;
            case 'too-large':
                this.#splitOrReject(batch, verdict.error);
                return;
            case 'again':
                for (const record of batch.records) {
                    record.maybeWritten ||= verdict.maybeWritten;
                    record.lastError = verdict.error;
                }
        }
    }
    #splitOrReject(batch, error) {
        const [only] = batch.records;
        if (only && batch.records.length === 1) {
            this.#queue.settle(only, { kind: 'rejected', error, isFinal: true });
        }
        else
            this.#batchBytes = Math.max(1, Math.floor(this.#batchBytes / 4));
    }
    /** One timer, for the record whose deadline comes first. */
    #watchDeadline() {
        if (this.#deadlineTimer !== undefined)
            return;
        const oldest = this.#queue.oldest();
        if (oldest === undefined)
            return;
        const leftMs = Math.max(1, oldest.deadlineAtMs - performance.now());
        this.#deadlineTimer = setTimeout(() => {
            this.#deadlineTimer = undefined;
            this.#queue.expire(performance.now() + 1, `no acknowledgement within ${this.#options.deadlineMs} ms`);
            this.#watchDeadline();
            if (this.#queue.records === 0)
                this.#onDrained?.();
        }, leftMs);
    }
}
/**
 * A producer that connects when it can: with no broker in reach it is returned all the same, rejects what it cannot
 * send within the deadline, and works as soon as a broker answers.
 */
const createLogProducer = async (connection, options = {}) => {
    const settings = { ...defaults, ...options };
    const attemptMs = Math.floor(settings.deadlineMs / 2);
    const cluster = new cluster_1.Cluster({
        ...connection,
        connectTimeoutMs: Math.min(connection.connectTimeoutMs, attemptMs),
        requestTimeoutMs: Math.min(connection.requestTimeoutMs, attemptMs),
    });
    try {
        await cluster.any();
    }
    catch (error) {
        connection.logger.warn('Kafka is not in reach; the producer keeps trying', { error });
    }
    return new BatchingProducer(cluster, settings);
};
exports.createLogProducer = createLogProducer;
//# sourceMappingURL=producer.js.map