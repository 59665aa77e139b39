"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readLetterFigures = void 0;
const letter_rows_1 = require("../migrations/letters/letter-rows");
const letter_filter_1 = require("../migrations/letters/letter-filter");
/** A metric gets a series for each; a reason is a header, which anybody who may write to the topic can invent. */
const countsMax = 50;
/** About 50 ms for ten thousand letters: read by the alerts’ clock and at the console’s pace, not by the scrape. */
const readLetterFigures = async (db) => {
    const { rows } = await db.query({
        name: 'figures-letters',
        text: `select s.state, l.reason, count(*) as letters, min(l.parked_at) as oldest
      from ${letter_rows_1.lettersFrom} group by 1, 2 order by 3 desc, 1, 2`,
    });
    const open = rows.filter(({ state }) => letter_filter_1.openStates.includes(state));
    return {
        open: open.reduce((sum, { letters }) => sum + letters, 0),
        oldestOpenAtMs: open.length === 0 ? null : Math.min(...open.map(({ oldest }) => oldest)),
        counts: rows.slice(0, countsMax).map(({ state, reason, letters }) => ({ state, reason, letters })),
    };
};
exports.readLetterFigures = readLetterFigures;
//# sourceMappingURL=letter-figures.js.map