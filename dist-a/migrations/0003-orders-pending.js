"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.up = void 0;
const kysely_1 = require("kysely");
const orders_pending_1 = require("./views/orders-pending");
/**
 * Why: orders that wait too long were looked for in the whole table, 0.2 s for each million every 15 s. Writers wait
 * while the index is built, about a second for a million orders; the projector retries, nothing is lost. A database
 * whose view was dropped gets the index with the rebuild.
 */
const up = async (db) => {
    const { rows } = await (0, kysely_1.sql) `select to_regclass('views.orders') is not null as known`.execute(db);
    if (rows[0]?.known === true)
        await kysely_1.sql.raw((0, orders_pending_1.createPendingIndex)('views')).execute(db);
};
exports.up = up;
//# sourceMappingURL=0003-orders-pending.js.map