"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.moveCursors = exports.beginCursors = exports.readCursors = exports.cursorKey = void 0;
const columns_1 = require("./columns");
const toCursor = (row) => ({
    next: row.next,
    epoch: row.epoch,
    voided: row.voided,
    undecodable: row.undecodable,
    firstAppendedAtMs: row.first_appended_at,
    appendedAtMs: row.appended_at,
});
const cursorKey = (topic, partition) => `${topic}:${partition}`;
exports.cursorKey = cursorKey;
/** Where a view stands, by `cursorKey`. A partition without a row has not been begun. */
const readCursors = async (db, projection, schema) => {
    const { rows } = await db.query(`select * from ${schema}.${projection.offsetsTable}`);
    return new Map(rows.map((row) => [(0, exports.cursorKey)(row.topic, row.partition), toCursor(row)]));
};
exports.readCursors = readCursors;
/** Begins partitions that have no row yet, so that from now on every move is an update of what is there. */
const beginCursors = async (db, projection, schema, partitions) => {
    await db.query(`insert into ${schema}.${projection.offsetsTable} (topic, partition, next, voided, undecodable)
     select topic, partition, 0, 0, 0 from unnest($1::text[], $2::integer[]) as p (topic, partition)
     on conflict do nothing`, (0, columns_1.toColumns)(partitions, ['topic', 'partition']));
};
exports.beginCursors = beginCursors;
const moveColumns = {
    topic: 'text',
    partition: 'integer',
    expected: 'bigint',
    next: 'bigint',
    epoch: 'bigint',
    voided: 'bigint',
    undecodable: 'bigint',
    first_appended_at: 'bigint',
    appended_at: 'bigint',
};
const toMoveRow = ({ topic, partition, expected, to, }) => ({
    topic,
    partition,
    expected,
    next: to.next,
    epoch: to.epoch,
    voided: to.voided,
    undecodable: to.undecodable,
    first_appended_at: to.firstAppendedAtMs,
    appended_at: to.appendedAtMs,
});
/**
 * Compare-and-set of all cursors of a batch: the first statement of its transaction, because it also locks the rows.
 * `elsewhere`: another process has folded some of these records, or the view was switched. `other-version`: the view
 * has another shape than this process writes. Roll back unless `moved`.
 */
const moveCursors = async (client, projection, schema, moves) => {
    const { rowCount } = await client.query({
        name: `move-${schema}-${projection.view}`,
        text: `update ${schema}.${projection.offsetsTable} o
      set next = m.next, epoch = m.epoch, voided = m.voided, undecodable = m.undecodable,
        first_appended_at = m.first_appended_at, appended_at = m.appended_at
      from ${(0, columns_1.unnestOf)(moveColumns)} as m (${(0, columns_1.listOf)(moveColumns)})
      where o.topic = m.topic and o.partition = m.partition and o.next = m.expected
        and exists (select from view_generations where view = $10 and schema = $11 and version = $12)`,
        values: [
            ...(0, columns_1.toColumns)(moves.map(toMoveRow), Object.keys(moveColumns)),
            projection.view,
            schema,
            projection.version,
        ],
    });
    if (rowCount === moves.length)
        return 'moved';
    const { rowCount: known } = await client.query('select from view_generations where view = $1 and schema = $2 and version = $3', [projection.view, schema, projection.version]);
    return known === 1 ? 'elsewhere' : 'other-version';
};
exports.moveCursors = moveCursors;
//# sourceMappingURL=cursors.js.map