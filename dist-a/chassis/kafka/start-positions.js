"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.StartPositions = exports.OffsetOutsideLogError = void 0;
const ranges_1 = require("./ranges");
/** The offset to go on from is not in the log any more, or not yet: records are lost, whatever one does. */
class OffsetOutsideLogError extends Error {
    name = 'OffsetOutsideLogError';
}
exports.OffsetOutsideLogError = OffsetOutsideLogError;
/**
 * Where one tenure begins in each of its partitions: the caller's own position, else the committed one, else the
 * beginning. The brokers are asked once for all partitions, and again after a failure.
 */
class StartPositions {
    #cluster;
    #member;
    #partitions;
    #startAt;
    #ranges = new Map();
    #committed;
    constructor(from, partitions, startAt) {
        this.#cluster = from.cluster;
        this.#member = from.member;
        this.#partitions = partitions;
        this.#startAt = startAt;
    }
    /**
     * Throws OffsetOutsideLogError where kafkajs would jump to its default offset and commit that, and
     * InfrastructureError when the brokers, or whoever keeps the position, cannot be asked.
     */
    async of({ topic, partition }) {
        const own = await this.#startAt?.(topic, partition);
        const ranges = await this.#rangesOf(topic);
        const { low, high } = ranges[partition] ?? { low: 0, high: 0 };
        const position = own ?? (await this.#committedOf(topic, partition)) ?? low;
        if (position >= low && position <= high)
            return { position, high };
        const whose = own === undefined ? 'committed' : 'wanted';
        throw new OffsetOutsideLogError(`the ${whose} offset ${position} of ${topic}:${partition} is outside the log [${low}, ${high}]`);
    }
    async #committedOf(topic, partition) {
        this.#committed ??= this.#member.committed(this.#partitions);
        const asked = this.#committed;
        try {
            const committed = await asked;
            return committed.find((each) => each.topic === topic && each.partition === partition)?.offset;
        }
        catch (error) {
            if (this.#committed === asked)
                this.#committed = undefined;
            throw error;
        }
    }
    async #rangesOf(topic) {
        const asked = this.#ranges.get(topic) ?? (0, ranges_1.readRanges)(this.#cluster, topic);
        this.#ranges.set(topic, asked);
        try {
            return await asked;
        }
        catch (error) {
            if (this.#ranges.get(topic) === asked)
                this.#ranges.delete(topic);
            throw error;
        }
    }
}
exports.StartPositions = StartPositions;
//# sourceMappingURL=start-positions.js.map