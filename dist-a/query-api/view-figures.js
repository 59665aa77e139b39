"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readViewFigures = exports.itemsMax = exports.overdueAfterMs = void 0;
const letter_figures_1 = require("./letter-figures");
const sale_totals_1 = require("./sale-totals");
exports.overdueAfterMs = 60_000;
/** A metric gets a series for each of them, so they are few. */
exports.itemsMax = 20;
const readLeast = async (db) => {
    const { rows } = await db.query({
        name: 'figures-items',
        text: `${sale_totals_1.unitsLeft} order by units, item limit $1`,
        values: [exports.itemsMax],
    });
    return rows;
};
/** A partial index holds the pending orders by age, so this costs what is overdue, however many orders there were. */
const readOverdue = async (db, acceptedBefore) => {
    const { rows } = await db.query({
        name: 'figures-overdue',
        text: `select count(*) as count from views.orders where status = 'PENDING' and request_appended_at < $1`,
        values: [acceptedBefore],
    });
    return rows[0]?.count ?? 0;
};
/** @param nowMs milliseconds since 1970 */
const readViewFigures = async (db, nowMs) => {
    const { oversoldUnits, itemsLow } = await (0, sale_totals_1.readSaleTotals)(db);
    const letters = await (0, letter_figures_1.readLetterFigures)(db);
    return {
        deadLetters: letters.open,
        oldestDeadLetterMs: letters.oldestOpenAtMs === null ? 0 : Math.max(0, nowMs - letters.oldestOpenAtMs),
        lettersByState: letters.counts,
        overdueOrders: await readOverdue(db, nowMs - exports.overdueAfterMs),
        oversoldUnits,
        itemsLow,
        unitsLeft: await readLeast(db),
    };
};
exports.readViewFigures = readViewFigures;
//# sourceMappingURL=view-figures.js.map