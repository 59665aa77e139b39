"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.exchange = exports.stopWriters = void 0;
const ensure_views_1 = require("../../migrations/ensure-views");
/** A reader that holds a table makes us wait; while we wait, new readers queue behind us, so we do not wait long. */
const lockTimeoutMs = 300;
/**
 * Stops writers of the live view without stopping its readers. The projector's transactions wait at the door, holding
 * nothing of ours, and go on after the exchange. Lasts until the end of the transaction.
 */
const stopWriters = async (client, shape) => {
    await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
    await client.query(`lock table views.${shape.tables[0]} in exclusive mode`);
};
exports.stopWriters = stopWriters;
const moveTables = async (client, shape, from, to) => {
    for (const table of shape.tables) {
        await client.query(`alter table if exists ${from}.${table} set schema ${to}`);
    }
    await client.query('update view_generations set schema = $3 where view = $1 and schema = $2', [
        shape.view,
        from,
        to,
    ]);
};
/** Those of today's tables that the live view has: one of an earlier version may lack some. */
const standing = async (client, shape) => {
    const { rows } = await client.query(`select name from unnest($1::text[]) with ordinality as t (name, place)
     where to_regclass('views.' || name) is not null order by place`, [shape.tables]);
    return rows.map(({ name }) => name);
};
/**
 * Lets a view's tables change places: what stands in `from` becomes live, what is live goes to `retire`. Inside the
 * caller's transaction: readers see the one or the other, whole. A statement that was prepared before finds the new
 * table by its name; it waits for the commit, which is a few milliseconds, and does not fail.
 *
 * All tables are locked first, in the order in which every query of ours names them, because a reader that holds the
 * second and wants the first would otherwise be a deadlock, and one of the two would fail.
 */
const exchange = async (client, shape, places) => {
    await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
    if (places.hasLive) {
        for (const table of await standing(client, shape)) {
            await client.query(`lock table views.${table} in access exclusive mode`);
        }
        await moveTables(client, shape, 'views', places.retire);
    }
    else {
        // Somebody dropped some of its tables; the rest is of no use and in the way.
        await (0, ensure_views_1.dropView)(client, shape, 'views');
    }
    await moveTables(client, shape, places.from, 'views');
};
exports.exchange = exchange;
//# sourceMappingURL=exchange.js.map