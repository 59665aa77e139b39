"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Rebuilder = exports.StalledError = void 0;
const deadline_1 = require("../../chassis/deadline");
const log_1 = require("../../chassis/kafka/log");
const postgres_trouble_1 = require("../../chassis/postgres-trouble");
const ensure_views_1 = require("../../migrations/ensure-views");
const stalled_1 = require("../../migrations/rebuilds/stalled");
const batch_1 = require("../batch");
const cursors_1 = require("../cursors");
const view_writer_1 = require("../view-writer");
const fill_1 = require("./fill");
const progress_1 = require("./progress");
const rebuild_store_1 = require("./rebuild-store");
const targets_1 = require("./targets");
/** No step forward for `stalledAfterMs`. Everything built so far is kept; starting again goes on from there. */
class StalledError extends Error {
    name = 'StalledError';
}
exports.StalledError = StalledError;
const lanes = 2;
const recordsMax = 20_000;
const reportMs = 500;
/** The note of the progress is for others to see; the work does not wait longer for it. */
const noteTimeoutMs = 2_000;
/** The last stretch is short enough to call the view built. */
const caughtUpEvents = 2_000;
/**
 * A gap too: a crash of PostgreSQL may undo the last lazy batches, cursors and rows together, while we read on behind
 * them. The next try begins where the cursors stand. A gap that stays is a stall, and its message says so.
 */
const isPassing = (error) => error instanceof log_1.InfrastructureError || error instanceof batch_1.GapError || (0, postgres_trouble_1.isPostgresTrouble)(error);
/** Fills one schema's tables of a view from the log. */
class Rebuilder {
    #options;
    #schema;
    #writer;
    #meter = new progress_1.ProgressMeter();
    #done = 0;
    #total = 0;
    #progressedAtMs = 0;
    #trouble;
    #isNoting = false;
    #noted = Promise.resolve();
    constructor(options, schema) {
        this.#options = options;
        this.#schema = schema;
        this.#writer = (0, view_writer_1.createViewWriter)({
            pool: options.pool,
            projection: options.projection,
            schema,
            recordsMax,
            durability: 'lazy',
            onWritten: ({ records }) => this.#advance(records),
        });
    }
    /** Makes empty tables, without the indexes that only readers need. */
    async begin(client) {
        await client.query('begin');
        await (0, ensure_views_1.createView)(client, this.#options.shape, this.#schema, 'without-indexes');
        await client.query('commit');
    }
    /**
     * Folds until the live view is reached. A server that does not even refuse is a stall too: what hangs on it is left
     * behind, and does no harm if it goes on after all, because it moves the offsets by compare-and-set.
     * @throws StalledError, or whatever is no trouble of infrastructure.
     */
    async build() {
        this.#progressedAtMs = performance.now();
        const over = new AbortController();
        const building = this.#buildPatiently(AbortSignal.any([this.#options.signal, over.signal]));
        const watching = this.#watch(over.signal);
        for (const one of [building, watching])
            one.catch(() => undefined);
        try {
            await Promise.race([building, watching]);
        }
        finally {
            over.abort();
            await this.#noted;
            this.#sayProgress();
            await this.#noted;
        }
    }
    /** Indexes for readers, and statistics for the planner: without them the first reads after a switch would be slow. */
    async finish(client) {
        for (const statement of this.#options.shape.createIndexes(this.#schema))
            await client.query(statement);
        for (const table of this.#options.shape.tables)
            await client.query(`analyze ${this.#schema}.${table}`);
    }
    /** Folds up to the given cursors, or to the end of the log. Returns how many events that were. */
    async catchUpTo(target, signal = this.#options.signal) {
        const { pool, projection, admin, reader } = this.#options;
        const ranges = await (0, targets_1.readRanges)(admin, projection.topics);
        const built = await (0, cursors_1.readCursors)(pool, projection, this.#schema);
        const stretches = (0, targets_1.stretchesLeft)(ranges, built, target);
        const left = (0, targets_1.eventsIn)(stretches);
        this.#done = (0, targets_1.eventsDone)(built);
        this.#total = this.#done + left;
        if (left === 0)
            return 0;
        const write = (chunks) => this.#writer.writeTogether(chunks);
        await (0, fill_1.fill)({ reader, stretches, write, signal, lanes, partitions: countsOf(ranges) });
        return left;
    }
    async #buildPatiently(signal) {
        const { pool, projection } = this.#options;
        for (let failures = 0;;) {
            try {
                const live = await (0, targets_1.readLive)(pool, projection);
                if ((await this.catchUpTo(live, signal)) <= caughtUpEvents)
                    return;
                failures = 0;
            }
            catch (error) {
                signal.throwIfAborted();
                if (!isPassing(error))
                    throw error;
                this.#trouble = error;
                failures += 1;
                await (0, deadline_1.pause)(100 + (0, deadline_1.backoffMs)(failures, 200, 2_000), signal);
            }
        }
    }
    #advance(records) {
        this.#done += records;
        this.#trouble = undefined;
        this.#progressedAtMs = performance.now();
    }
    /** Says how far it is until the signal aborts. @throws StalledError when it comes no further. */
    async #watch(signal) {
        const afterMs = this.#options.stalledAfterMs;
        while (!signal.aborted) {
            await (0, deadline_1.pause)(Math.min(reportMs, afterMs), signal);
            this.#sayProgress();
            if ((0, stalled_1.isStalled)(this.#progressedAtMs, 1, performance.now(), afterMs)) {
                const why = this.#trouble?.message ?? 'a server does not answer';
                throw new StalledError(`no event folded for ${afterMs / 1000} s: ${why}`, { cause: this.#trouble });
            }
        }
    }
    #sayProgress() {
        this.#meter.add({ atMs: performance.now(), done: this.#done, total: this.#total });
        const progress = this.#meter.progress();
        this.#options.onProgress(progress);
        // One at a time: those that hang on a silent server would take every connection.
        if (this.#isNoting)
            return;
        this.#isNoting = true;
        const noting = (0, deadline_1.withDeadline)(this.#note(progress), noteTimeoutMs, 'noting the progress');
        this.#noted = noting.catch(() => undefined);
    }
    async #note({ eventsPerSecond }) {
        const { pool, projection, clock } = this.#options;
        try {
            await (0, rebuild_store_1.noteProgress)(pool, projection.view, {
                events_total: this.#total,
                events_done: this.#done,
                events_per_second: eventsPerSecond,
                progressed_at: clock() - Math.round(performance.now() - this.#progressedAtMs),
                detail: this.#trouble?.message ?? null,
                stalled_after_ms: this.#options.stalledAfterMs,
            });
        }
        finally {
            this.#isNoting = false;
        }
    }
}
exports.Rebuilder = Rebuilder;
const countsOf = (ranges) => new Map([...ranges].map(([topic, partitions]) => [topic, partitions.length]));
//# sourceMappingURL=rebuilder.js.map