"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.LagMonitor = void 0;
const deadline_1 = require("../chassis/deadline");
const view_lag_1 = require("./view-lag");
/** Precise enough to say "3 s behind", and two small requests to Kafka a sample. */
const sampleMs = 500;
/** Less than this is the usual way of a batch from the log to the view. */
const staleAfterMs = 1_000;
/** Without a sample for this long nobody knows how far the view is. */
const blindAfterMs = 3_000;
/** How far the view is behind each partition of the topics it is made of. */
class LagMonitor {
    #progress;
    #watched;
    #stopped = new AbortController();
    #work;
    constructor(progress, ends) {
        this.#progress = progress;
        this.#watched = new Map(Object.entries(ends).map(([topic, one]) => [topic, { ends: one, meters: [], sampledAtMs: -Infinity }]));
    }
    start() {
        this.#work = this.#sampleForEver();
    }
    async stop() {
        this.#stopped.abort();
        await this.#work;
    }
    /** The lag of a partition when it is worth telling a reader. */
    lag(topic, partition) {
        const watched = this.#watched.get(topic);
        if (watched === undefined || this.#isBlind(watched))
            return null;
        const { lagMs } = this.#behind(topic, watched, partition);
        return lagMs > staleAfterMs ? Math.round(lagMs) : undefined;
    }
    /** By topic and partition, for metrics. A topic that nobody knows about is left out: 0 would say that all is well. */
    all() {
        return [...this.#watched]
            .filter(([, watched]) => !this.#isBlind(watched))
            .flatMap(([topic, watched]) => watched.meters.map((_, partition) => this.#behind(topic, watched, partition)));
    }
    /** Of all topics, or of one: events not yet in the view, and how long the worst partition is behind; null: nobody knows. */
    behind(topic) {
        const asked = [...this.#watched].filter(([name]) => topic === undefined || name === topic);
        if (asked.some(([, watched]) => this.#isBlind(watched)))
            return null;
        const all = this.all().filter((one) => topic === undefined || one.topic === topic);
        return {
            events: all.reduce((sum, { events }) => sum + events, 0),
            lagMs: all.reduce((most, { lagMs }) => Math.max(most, lagMs), 0),
        };
    }
    #isBlind({ sampledAtMs }) {
        return performance.now() - sampledAtMs > blindAfterMs;
    }
    #behind(topic, { meters }, partition) {
        const next = this.#progress.next(topic, partition);
        const meter = meters[partition];
        return {
            topic,
            partition,
            events: meter?.events(next) ?? 0,
            lagMs: meter?.lagMs(next, performance.now()) ?? 0,
        };
    }
    async #sampleForEver() {
        const { signal } = this.#stopped;
        while (!signal.aborted) {
            await Promise.all([...this.#watched.values()].map((watched) => this.#sample(watched)));
            await (0, deadline_1.pause)(sampleMs, signal);
        }
    }
    async #sample(watched) {
        const askedAtMs = performance.now();
        try {
            const ends = await watched.ends.now();
            ends.forEach((end, partition) => {
                const meter = (watched.meters[partition] ??= new view_lag_1.PartitionLagMeter());
                meter.sample(end, askedAtMs);
            });
            watched.sampledAtMs = performance.now();
        }
        catch {
            // The age of the last sample says it.
        }
    }
}
exports.LagMonitor = LagMonitor;
//# sourceMappingURL=lag-monitor.js.map