"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createViewWriter = void 0;
const log_1 = require("../chassis/kafka/log");
const batch_1 = require("./batch");
const cursors_1 = require("./cursors");
const group_commit_1 = require("./group-commit");
const postgres_errors_1 = require("./postgres-errors");
const view_transaction_1 = require("./view-transaction");
/**
 * A commit is half a millisecond of PostgreSQL however few rows it holds. At 1,000 orders a second 20 ms gather 20 of
 * them, and a buyer does not notice.
 */
const commitEveryMs = 20;
/** When cursors move elsewhere this often in a row, somebody else folds the same partitions all the time. */
const attemptsMax = 3;
const keyOf = ({ topic, partition }) => (0, cursors_1.cursorKey)(topic, partition);
const loadCursors = async ({ pool, projection, schema }, cursors, places) => {
    if (places.length === 0)
        return;
    await (0, cursors_1.beginCursors)(pool, projection, schema, places);
    const found = await (0, cursors_1.readCursors)(pool, projection, schema);
    for (const place of places)
        cursors.set(keyOf(place), found.get(keyOf(place)) ?? batch_1.emptyCursor);
};
/** What is kept may be from an earlier tenure: the partition was somebody else's since, who moved the row further. */
const notReached = (cursors, batch) => batch
    .map(({ item }) => item)
    .filter((reading) => (cursors.get(keyOf(reading))?.next ?? -1) < reading.firstOffset);
/** Cuts each reading at its cursor; one that leaves a gap fails alone. Returns what is left to settle. */
const cutAll = (batch, cursors) => {
    const pieces = [];
    const left = [];
    for (const one of batch) {
        try {
            const piece = (0, batch_1.cutAt)(cursors.get(keyOf(one.item)) ?? batch_1.emptyCursor, one.item);
            if (piece)
                pieces.push(piece);
            left.push(one);
        }
        catch (error) {
            one.reject(error);
        }
    }
    return { pieces, left };
};
/** Returns whether the pieces are committed; otherwise somebody else moved a cursor. */
const commitPieces = async (options, cursors, pieces) => {
    if (pieces.length === 0)
        return true;
    const startedAtMs = performance.now();
    const folded = options.projection.fold(pieces);
    const transacted = await (0, view_transaction_1.transact)(options, folded);
    if (transacted.kind === 'elsewhere')
        return false;
    for (const move of folded.moves)
        cursors.set(keyOf(move), move.to);
    options.onWritten?.({
        records: folded.moves.reduce((sum, { expected, to }) => sum + to.next - expected, 0),
        seconds: (performance.now() - startedAtMs) / 1000,
        written: transacted.written,
    });
    return true;
};
const commitBatch = async (options, cursors, batch) => {
    let left = batch;
    try {
        for (let attempt = 1; left.length > 0; attempt += 1) {
            await loadCursors(options, cursors, notReached(cursors, left));
            const cut = cutAll(left, cursors);
            left = cut.left;
            if (await commitPieces(options, cursors, cut.pieces))
                break;
            cursors.clear();
            if (attempt === attemptsMax)
                throw new log_1.InfrastructureError('somebody else keeps moving our cursors');
        }
        for (const one of left)
            one.resolve();
    }
    catch (error) {
        // Whether the commit happened is unknown. The rows know, and are asked before the next batch.
        cursors.clear();
        const reason = (0, postgres_errors_1.toInfrastructureError)(error);
        for (const one of left)
            one.reject(reason);
    }
};
const waitingFor = (item) => {
    let waiting = { item, resolve: () => undefined, reject: () => undefined };
    const promise = new Promise((resolve, reject) => {
        waiting = { item, resolve, reject };
    });
    promise.catch(() => undefined);
    return { waiting, promise };
};
/** Writes one view, one transaction at a time, each with what all partitions have waiting by then. */
const createViewWriter = (options) => {
    const cursors = new Map();
    const submit = (0, group_commit_1.createGroupCommit)({
        keyOf,
        sizeOf: ({ firstOffset, lastOffset }) => lastOffset - firstOffset + 1,
        sizeMax: options.recordsMax,
        everyMs: commitEveryMs,
        commit: (batch) => commitBatch(options, cursors, batch),
    });
    return {
        write: async (records) => {
            if (records.length > 0)
                await submit(await options.projection.read(records));
        },
        writeTogether: async (chunks) => {
            const filled = chunks.filter((records) => records.length > 0);
            const readings = await Promise.all(filled.map((records) => options.projection.read(records)));
            const settled = readings.map((item) => waitingFor(item));
            await commitBatch(options, cursors, settled.map(({ waiting }) => waiting));
            await Promise.all(settled.map(({ promise }) => promise));
        },
        next: async (topic, partition) => {
            try {
                const place = { topic, partition };
                await loadCursors(options, cursors, [place]);
                return cursors.get(keyOf(place))?.next ?? 0;
            }
            catch (error) {
                throw (0, postgres_errors_1.toInfrastructureError)(error);
            }
        },
    };
};
exports.createViewWriter = createViewWriter;
//# sourceMappingURL=view-writer.js.map