"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.PartitionLagMeter = void 0;
/** How much history is kept: a view that is further behind is known to be at least this old. */
const samplesMax = 600;
/**
 * How long a view has been behind a partition, from samples of the log's end: the view lags since the first sample
 * whose end it has not reached. Precise to the pace of the samples, and needs no clock but ours.
 */
class PartitionLagMeter {
    #samples = [];
    /** Notes that the log ended at `end` at a time of a monotonic clock. */
    sample(end, atMs) {
        const last = this.#samples.at(-1);
        if (last !== undefined && end <= last.end)
            return;
        this.#samples.push({ atMs, end });
        if (this.#samples.length > samplesMax)
            this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
    }
    /** Events that the view, which waits for `next`, has not seen. */
    events(next) {
        return Math.max(0, (this.#samples.at(-1)?.end ?? 0) - next);
    }
    /** Milliseconds that the view, which waits for `next`, is behind; 0 when it is not, as far as we have seen. */
    lagMs(next, nowMs) {
        while (this.#samples.length > 1 && (this.#samples[0]?.end ?? 0) <= next)
            this.#samples.shift();
        const first = this.#samples[0];
        return first === undefined || first.end <= next ? 0 : nowMs - first.atMs;
    }
}
exports.PartitionLagMeter = PartitionLagMeter;
//# sourceMappingURL=view-lag.js.map