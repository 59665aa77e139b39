"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.up = void 0;
const kysely_1 = require("kysely");
const letters_by_key_1 = require("./views/letters-by-key");
/**
 * Why: for each order that is listed as stuck its newest dead letter was looked for in the whole table. Writers wait
 * while the index is built; the projector retries, nothing is lost. A database whose view was dropped gets the index with
 * the rebuild.
 */
const up = async (db) => {
    const { rows } = await (0, kysely_1.sql) `select to_regclass('views.dead_letters') is not null as known`.execute(db);
    if (rows[0]?.known === true)
        await kysely_1.sql.raw((0, letters_by_key_1.createLettersByKeyIndex)('views')).execute(db);
};
exports.up = up;
//# sourceMappingURL=0005-letters-by-key.js.map