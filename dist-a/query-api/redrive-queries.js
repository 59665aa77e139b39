"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.findLetterCommand = void 0;
const letter_rows_1 = require("../migrations/letters/letter-rows");
const readEffects = async (db, commandId) => {
    const { rows } = await db.query({
        name: 'letter-command-effects',
        text: `select effect, count(*) as letters, max(acted_at) as last_at from views.letter_actions
      where command_id = $1 and effect is not null group by 1 order by 1`,
        values: [commandId],
    });
    return rows;
};
const readStates = async (db, commandId) => {
    const { rows } = await db.query({
        name: 'letter-command-states',
        text: `select s.state, count(*) as letters from ${letter_rows_1.lettersFrom}
      where exists (select from views.letter_actions mine where mine.command_id = $1 and mine.source_topic = l.source_topic
        and mine.source_partition = l.source_partition and mine.source_offset = l.source_offset)
      group by 1 order by 1`,
        values: [commandId],
    });
    return Object.fromEntries(rows.map((row) => [row.state, row.letters]));
};
/** A redrive or discard by its command_id; `undefined` when the view knows none. */
const findLetterCommand = async (db, commandId) => {
    const { rows } = await db.query({
        name: 'letter-command',
        text: `select * from views.letter_commands where command_id = $1 and kind <> 'PLAN' order by "offset" limit 1`,
        values: [commandId],
    });
    const [row] = rows;
    if (row === undefined || row.kind === 'PLAN')
        return undefined;
    const effects = await readEffects(db, commandId);
    const tried = effects.reduce((sum, { letters }) => sum + letters, 0);
    const lastAt = Math.max(...effects.map(({ last_at }) => last_at ?? 0), 0);
    return {
        command_id: row.command_id,
        kind: row.kind,
        state: tried >= row.letters ? 'DONE' : 'RUNNING',
        letters: row.letters,
        tried,
        effects: Object.fromEntries(effects.map(({ effect, letters }) => [effect, letters])),
        states: await readStates(db, commandId),
        rate_per_second: row.rate_per_second,
        note: row.note,
        actor: row.actor,
        ordered_at: new Date(row.ordered_at).toISOString(),
        last_progress_at: lastAt === 0 ? null : new Date(lastAt).toISOString(),
    };
};
exports.findLetterCommand = findLetterCommand;
//# sourceMappingURL=redrive-queries.js.map