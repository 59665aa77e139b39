"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ProgressMeter = void 0;
/** The rate is that of the last seconds: what counts is how fast it is now. */
const windowMs = 10_000;
const samplesMax = 200;
/** Judges the speed of a rebuild from samples of its progress. */
class ProgressMeter {
    #samples = [];
    add(sample) {
        this.#samples = [...this.#samples, sample]
            .filter(({ atMs }) => sample.atMs - atMs <= windowMs)
            .slice(-samplesMax);
    }
    progress() {
        const first = this.#samples[0];
        const last = this.#samples.at(-1);
        if (first === undefined || last === undefined) {
            return { share: 0, eventsPerSecond: 0, etaMs: undefined, left: 0 };
        }
        const seconds = (last.atMs - first.atMs) / 1000;
        const eventsPerSecond = seconds > 0 ? (last.done - first.done) / seconds : 0;
        const left = Math.max(0, last.total - last.done);
        return {
            share: last.total === 0 ? 1 : Math.min(1, last.done / last.total),
            eventsPerSecond,
            etaMs: left === 0 ? 0 : eventsPerSecond > 0 ? (left / eventsPerSecond) * 1000 : undefined,
            left,
        };
    }
}
exports.ProgressMeter = ProgressMeter;
//# sourceMappingURL=progress.js.map