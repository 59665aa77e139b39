"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Tenure = void 0;
const node_events_1 = require("node:events");
const deadline_1 = require("../deadline");
const fetch_loops_1 = require("./fetch-loops");
const full_lanes_1 = require("./full-lanes");
const group_member_1 = require("./group-member");
const log_1 = require("./log");
const partition_lane_1 = require("./partition-lane");
const ranges_1 = require("./ranges");
const start_positions_1 = require("./start-positions");
const recordsMaxDefault = 500;
/** A lag is read by people and by a scrape every few seconds. */
const askEndsEveryMs = 1_000;
/**
 * The time between two rebalances in which this member holds its partitions: heartbeats, fetches, handlers and commits
 * under one generation. When it ends, for whatever reason, the handlers' signal aborts at once.
 */
class Tenure {
    #context;
    #generation;
    #lanes;
    #loops;
    #positions;
    #over = new AbortController();
    #end;
    #heardAtMs = performance.now();
    #beatAtMs = performance.now();
    #commitAtMs = performance.now();
    #tickAtMs = performance.now();
    #endsAtMs = performance.now();
    #beating = false;
    #askingEnds = false;
    #committing;
    constructor(context, generation) {
        this.#context = context;
        this.#generation = generation;
        const { options, timing, logger } = context;
        // Each partition listens to it, and Node warns of a leak from the eleventh listener on.
        (0, node_events_1.setMaxListeners)(0, this.#over.signal);
        this.#lanes = generation.partitions.map((place) => new partition_lane_1.PartitionLane(place, {
            onRecords: options.onRecords,
            recordsMax: options.recordsMax ?? recordsMaxDefault,
            timing,
            logger,
            signal: this.#over.signal,
            isTrusted: () => this.#silentMs() < timing.fenceMs,
            onHungry: () => this.#loops.wake(),
            onBug: (error) => this.#fatal(70, error),
        }));
        this.#positions = new start_positions_1.StartPositions(context, generation.partitions, options.startAt);
        this.#loops = new fetch_loops_1.FetchLoops(context.cluster, this.#lanes, this.#over.signal, {
            onOutOfRange: (error) => this.#fatal(71, error),
            onUnreadable: (error) => this.#fatal(70, error),
            onNewPartitions: () => this.end('rebalancing'),
        });
    }
    /** Resolves when the tenure is over, its handlers have ended or had their time, and what is done is committed. */
    async serve() {
        this.#tickAtMs = performance.now();
        const ticking = setInterval(() => this.#tick(), this.#context.timing.tickMs);
        const lanes = Promise.all(this.#lanes.map((lane) => this.#runLane(lane)));
        void this.#loops.run();
        await new Promise((resolve) => {
            if (this.#over.signal.aborted)
                resolve();
            else
                this.#over.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        await this.#settle(lanes);
        clearInterval(ticking);
        if (this.#end === 'rebalancing' || this.#end === 'stopped')
            await this.#commit();
        return this.#end ?? 'stopped';
    }
    /** Only the first reason counts. */
    end(reason) {
        this.#end ??= reason;
        this.#over.abort(new log_1.InfrastructureError(`the partitions are given up: ${this.#end}`));
    }
    lag() {
        return this.#lanes.map((lane) => lane.lag());
    }
    #isOver() {
        return this.#over.signal.aborted;
    }
    #silentMs() {
        return performance.now() - this.#heardAtMs;
    }
    #fatal(code, reason) {
        this.end('fatal');
        this.#context.onFatal(code, reason);
    }
    /** Handlers that ignore the signal must not keep the group waiting. */
    async #settle(work) {
        const late = new AbortController();
        await Promise.race([work, (0, deadline_1.pause)(this.#context.timing.revokeMs, late.signal)]);
        late.abort();
    }
    async #runLane(lane) {
        const name = `${lane.topic}:${lane.partition}`;
        const { running } = this.#context;
        const before = running.get(name);
        const work = (async () => {
            await before;
            const start = await this.#findPosition(lane);
            if (start && !this.#isOver())
                await lane.run(start.position, start.high);
        })();
        running.set(name, work);
        await work;
        if (running.get(name) === work)
            running.delete(name);
    }
    async #findPosition(lane) {
        const { timing, logger } = this.#context;
        for (let attempt = 0; !this.#isOver(); attempt += 1) {
            try {
                return await this.#positions.of(lane);
            }
            catch (error) {
                if (this.#isOver())
                    return undefined;
                if (!(error instanceof log_1.InfrastructureError)) {
                    this.#fatal(error instanceof start_positions_1.OffsetOutsideLogError ? 71 : 70, error);
                    return undefined;
                }
                lane.noteProgress();
                logger.warn('no start position yet', { topic: lane.topic, partition: lane.partition, error });
                await (0, deadline_1.pause)((0, deadline_1.backoffMs)(attempt, timing.backoffBaseMs, timing.backoffMaxMs), this.#over.signal);
            }
        }
        return undefined;
    }
    #tick() {
        if (this.#isOver())
            return;
        const { timing } = this.#context;
        this.#forgiveStarvation();
        const stalled = this.#lanes.find((lane) => lane.isStalled());
        if (this.#silentMs() >= timing.fenceMs)
            this.end('out of contact');
        else if (stalled) {
            const place = `${stalled.topic}:${stalled.partition}`;
            this.#fatal(72, new Error(`${place} made no progress for ${timing.stallMs} ms`));
        }
        else {
            const nowMs = performance.now();
            if (nowMs - this.#beatAtMs >= timing.heartbeatMs && !this.#beating)
                void this.#beat();
            if (!this.#committing && this.#isCommitDue(nowMs))
                void this.#commit();
            if (nowMs - this.#endsAtMs >= askEndsEveryMs && !this.#askingEnds)
                void this.#askEnds();
        }
    }
    /** A machine that gives the event loop no time must not pass for a stalled partition: 500 payments, exit code 72. */
    #forgiveStarvation() {
        const nowMs = performance.now();
        const lateMs = nowMs - this.#tickAtMs - this.#context.timing.tickMs;
        this.#tickAtMs = nowMs;
        if (lateMs > 0)
            for (const lane of this.#lanes)
                lane.forgive(lateMs);
    }
    async #beat() {
        this.#beating = true;
        this.#beatAtMs = performance.now();
        const sentAtMs = this.#beatAtMs;
        await this.#stand('heartbeat', async () => {
            const standing = await this.#context.member.heartbeat(this.#generation);
            if (standing === 'member')
                this.#heardAtMs = sentAtMs;
            return standing;
        });
        this.#beating = false;
    }
    async #askEnds() {
        this.#askingEnds = true;
        this.#endsAtMs = performance.now();
        try {
            await (0, full_lanes_1.tellFullLanes)(this.#lanes, (topic) => (0, ranges_1.readEnds)(this.#context.cluster, topic));
        }
        catch (error) {
            // Brokers out of reach are asked again a second later.
            if (!(error instanceof log_1.InfrastructureError) && !this.#isOver())
                this.#fatal(70, error);
        }
        this.#askingEnds = false;
    }
    #isCommitDue(nowMs) {
        let records = 0;
        for (const lane of this.#lanes)
            records += lane.uncommitted()?.records ?? 0;
        const { commitRecords, commitMs } = this.#context.timing;
        return records >= commitRecords || (records > 0 && nowMs - this.#commitAtMs >= commitMs);
    }
    /** One commit at a time, of each partition's contiguous prefix, under the generation that did the work. */
    async #commit() {
        await this.#committing;
        const offsets = this.#lanes.flatMap((lane) => {
            const offset = lane.uncommitted()?.offset;
            return offset === undefined ? [] : [{ lane, topic: lane.topic, partition: lane.partition, offset }];
        });
        if (offsets.length === 0)
            return;
        this.#commitAtMs = performance.now();
        this.#committing = this.#stand('commit', async () => {
            const places = offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
            const standing = await this.#context.member.commit(this.#generation, places);
            if (standing === 'member')
                for (const { lane, offset } of offsets)
                    lane.noteCommitted(offset);
            return standing;
        });
        await this.#committing;
        this.#committing = undefined;
    }
    /** Ends the tenure when the coordinator says so. A coordinator out of reach is the fence's business. */
    async #stand(what, ask) {
        try {
            const standing = await ask();
            if (standing !== 'member')
                this.end(standing);
        }
        catch (error) {
            if (error instanceof log_1.InfrastructureError)
                this.#context.logger.warn(`${what} failed`, { error });
            else if (error instanceof group_member_1.GroupRefusedError)
                this.#fatal(70, error);
            else
                this.#fatal(70, error);
        }
    }
}
exports.Tenure = Tenure;
//# sourceMappingURL=tenure.js.map