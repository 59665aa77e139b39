"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.MemoryConsumer = exports.MemoryGroup = void 0;
const deadline_1 = require("../deadline");
const consumer_timing_1 = require("./consumer-timing");
const group_assignment_1 = require("./group-assignment");
const log_1 = require("./log");
const partition_lane_1 = require("./partition-lane");
/** Short waits, because nothing here is far away. */
const timing = { ...consumer_timing_1.defaultTiming, backoffBaseMs: 5, backoffMaxMs: 50, revokeMs: 1_000 };
const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
};
/** Members of one group and what they committed. Who joins or leaves makes all others give up their partitions. */
class MemoryGroup {
    committed = new Map();
    #log;
    #members = new Map();
    #joined = 0;
    #rebalancing = Promise.resolve();
    constructor(log) {
        this.#log = log;
    }
    join(member) {
        this.#joined += 1;
        this.#members.set(`member-${String(this.#joined).padStart(6, '0')}`, member);
        return this.#rebalance();
    }
    leave(member) {
        for (const [id, each] of this.#members)
            if (each === member)
                this.#members.delete(id);
        return this.#rebalance();
    }
    #rebalance() {
        this.#rebalancing = this.#rebalancing.then(async () => {
            const members = [...this.#members].map(([memberId, { topics }]) => ({ memberId, topics }));
            await Promise.all([...this.#members.values()].map((member) => member.revoke()));
            const topics = new Set(members.flatMap((member) => member.topics));
            const counts = new Map([...topics].map((topic) => [topic, this.#log.partitions(topic).length]));
            for (const [memberId, partitions] of (0, group_assignment_1.assign)(members, counts)) {
                this.#members.get(memberId)?.take(partitions);
            }
        });
        return this.#rebalancing;
    }
}
exports.MemoryGroup = MemoryGroup;
/** The group consumer on records in memory; it shares the lanes, and so their rules, with the real one. */
class MemoryConsumer {
    topics;
    #log;
    #group;
    #options;
    #tenure = new AbortController();
    #lanes = [];
    #running = Promise.resolve();
    #unwatch = () => undefined;
    #state = 'new';
    constructor(log, group, options) {
        this.#log = log;
        this.#group = group;
        this.#options = options;
        this.topics = options.topics;
    }
    async start() {
        if (this.#state !== 'new')
            return;
        this.#state = 'started';
        this.#unwatch = this.#log.watch(() => this.#feed());
        await this.#group.join(this);
    }
    async stop() {
        if (this.#state !== 'fatal')
            this.#state = 'stopped';
        this.#unwatch();
        await this.revoke();
        await this.#group.leave(this);
    }
    lag() {
        return this.#lanes.map((lane) => lane.lag());
    }
    /** Gives up all partitions: handlers are told to end, waited for, and what they did is committed. */
    async revoke() {
        this.#tenure.abort();
        await Promise.race([this.#running, (0, deadline_1.pause)(timing.revokeMs)]);
        this.#commit();
        this.#lanes = [];
    }
    /** Begins to consume `partitions`. */
    take(partitions) {
        if (this.#state !== 'started')
            return;
        this.#tenure = new AbortController();
        const { signal } = this.#tenure;
        this.#lanes = partitions.map((place) => new partition_lane_1.PartitionLane(place, {
            onRecords: this.#options.onRecords,
            recordsMax: this.#options.recordsMax ?? 500,
            timing,
            logger,
            signal,
            isTrusted: () => true,
            onHungry: () => setImmediate(() => this.#feed()),
            onBug: (error) => this.#fatal(70, error),
        }));
        this.#running = Promise.all(this.#lanes.map((lane) => this.#run(lane)));
    }
    async #run(lane) {
        const { topic, partition } = lane;
        try {
            const own = await this.#options.startAt?.(topic, partition);
            const position = own ?? this.#group.committed.get(`${topic}:${partition}`) ?? 0;
            const high = this.#log.partitions(topic)[partition]?.length ?? 0;
            if (position < 0 || position > high) {
                this.#fatal(71, new Error(`offset ${position} of ${topic}:${partition} is outside [0, ${high}]`));
                return;
            }
            await lane.run(position, high);
        }
        catch (error) {
            if (!(error instanceof log_1.InfrastructureError)) {
                this.#fatal(70, error);
                return;
            }
            await (0, deadline_1.pause)(timing.backoffBaseMs, this.#tenure.signal);
            if (!this.#tenure.signal.aborted)
                await this.#run(lane);
        }
    }
    #feed() {
        this.#commit();
        for (const lane of this.#lanes) {
            const place = lane.wanted();
            const records = this.#log.partitions(lane.topic)[lane.partition] ?? [];
            if (place)
                lane.accept(records.slice(place.fromOffset, place.fromOffset + 1_000), records.length);
            else
                lane.noteEnd(records.length);
        }
    }
    #commit() {
        for (const lane of this.#lanes) {
            const offset = lane.uncommitted()?.offset;
            if (offset === undefined)
                continue;
            this.#group.committed.set(`${lane.topic}:${lane.partition}`, offset);
            lane.noteCommitted(offset);
        }
    }
    #fatal(code, reason) {
        if (this.#state === 'fatal')
            return;
        this.#state = 'fatal';
        this.#tenure.abort();
        this.#unwatch();
        this.#options.onFatal(code, reason);
    }
}
exports.MemoryConsumer = MemoryConsumer;
//# sourceMappingURL=memory-consumer.js.map