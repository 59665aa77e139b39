"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.moveOf = exports.cutAt = exports.GapError = exports.toReading = exports.emptyCursor = void 0;
exports.emptyCursor = {
    next: 0,
    epoch: null,
    voided: 0,
    undecodable: 0,
    firstAppendedAtMs: null,
    appendedAtMs: null,
};
/** The outline of a reading. @throws RangeError without records. */
const toReading = (records, facts, undecodable) => {
    const first = records[0];
    const last = records.at(-1);
    if (first === undefined || last === undefined)
        throw new RangeError('A reading needs records.');
    return {
        topic: first.topic,
        partition: first.partition,
        firstOffset: first.offset,
        lastOffset: last.offset,
        firstAppendedAtMs: first.appendedAtMs,
        lastAppendedAtMs: last.appendedAtMs,
        facts,
        undecodable,
    };
};
exports.toReading = toReading;
/** Records are missing between what a view has folded and what it was given: folding on would lose facts in silence. */
class GapError extends Error {
    name = 'GapError';
}
exports.GapError = GapError;
/**
 * Cuts off what the view has folded before. `undefined` when nothing is left.
 * @throws GapError when the first record lies beyond the cursor.
 */
const cutAt = (cursor, reading) => {
    if (reading.firstOffset > cursor.next) {
        throw new GapError(`${reading.topic}:${reading.partition} continues at ${reading.firstOffset}, but the view waits for ${cursor.next}`);
    }
    if (reading.lastOffset < cursor.next)
        return undefined;
    if (reading.firstOffset === cursor.next)
        return { ...reading, cursor };
    return {
        ...reading,
        cursor,
        firstOffset: cursor.next,
        facts: reading.facts.filter(({ record }) => record.offset >= cursor.next),
        undecodable: reading.undecodable.filter((offset) => offset >= cursor.next),
    };
};
exports.cutAt = cutAt;
/** The move of a piece's cursor when all of it was folded; `fence` is what the fold made of the epoch. */
const moveOf = (piece, fence = piece.cursor) => ({
    topic: piece.topic,
    partition: piece.partition,
    expected: piece.cursor.next,
    to: {
        next: piece.lastOffset + 1,
        epoch: fence.epoch,
        voided: fence.voided,
        undecodable: piece.cursor.undecodable + piece.undecodable.length,
        firstAppendedAtMs: piece.cursor.firstAppendedAtMs ?? piece.firstAppendedAtMs,
        appendedAtMs: piece.lastAppendedAtMs,
    },
});
exports.moveOf = moveOf;
//# sourceMappingURL=batch.js.map