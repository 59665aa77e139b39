"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.eventsDone = exports.eventsIn = exports.stretchesLeft = exports.readLive = exports.truncated = exports.readRanges = void 0;
const today_1 = require("../../migrations/views/today");
const cursors_1 = require("../cursors");
const rebuild_store_1 = require("./rebuild-store");
const readRanges = async (admin, topics) => new Map(await Promise.all(topics.map(async (topic) => [topic, await admin.ranges(topic)])));
exports.readRanges = readRanges;
/** Partitions whose first records are gone: what was in them can never be folded again. */
const truncated = (ranges) => [...ranges].flatMap(([topic, partitions]) => partitions.flatMap(({ partition, low }) => low > 0 ? [`${topic}:${partition} begins at offset ${low}`] : []));
exports.truncated = truncated;
/** Where the live view stands; `undefined` when there is none, because somebody dropped its tables, or some of them. */
const readLive = async (pool, projection) => {
    const version = await (0, rebuild_store_1.versionIn)(pool, projection.view, 'views');
    if (version === undefined)
        return undefined;
    const { tables } = today_1.viewsToday[projection.view];
    // Which tables another version has is not known here; its offsets it has in any case.
    const expected = version === projection.version ? tables : [tables[0]];
    const { rows } = await pool.query('select bool_and(to_regclass(name) is not null) as whole from unnest($1::text[]) as t (name)', [expected.map((table) => `views.${table}`)]);
    return rows[0]?.whole === true ? (0, cursors_1.readCursors)(pool, projection, 'views') : undefined;
};
exports.readLive = readLive;
/**
 * What is left to fold. A rebuild follows the live view and never overtakes it, so that the two can be compared and
 * exchanged at equal offsets; without a live view it goes to the end of the log.
 */
const stretchesLeft = (ranges, built, live) => [...ranges].flatMap(([topic, partitions]) => partitions.flatMap(({ partition, low, high }) => {
    const key = (0, cursors_1.cursorKey)(topic, partition);
    const from = built.get(key)?.next ?? low;
    const to = live === undefined ? high : (live.get(key)?.next ?? 0);
    return from < to ? [{ topic, partition, from, to }] : [];
}));
exports.stretchesLeft = stretchesLeft;
const eventsIn = (stretches) => stretches.reduce((sum, { from, to }) => sum + to - from, 0);
exports.eventsIn = eventsIn;
/** Events that the view, once complete, has folded. */
const eventsDone = (built) => [...built.values()].reduce((sum, { next }) => sum + next, 0);
exports.eventsDone = eventsDone;
//# sourceMappingURL=targets.js.map