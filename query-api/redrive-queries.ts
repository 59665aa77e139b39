import type { Pool } from 'pg';
import { lettersFrom } from '../migrations/letters/letter-rows';
import type { LetterCommandRow } from '../migrations/tables';

/** How far a command on dead letters has come: counted from what the log says, not from anybody's memory. */
export interface LetterCommandBody {
  readonly command_id: string;
  readonly kind: 'REDRIVE' | 'DISCARD';
  /** DONE: every letter of the list was tried; what became of redriven ones is in `states`. */
  readonly state: 'RUNNING' | 'DONE';
  readonly letters: number;
  readonly tried: number;
  /** By effect: APPENDED, ALREADY_TERMINAL, FAILED_AGAIN, NOT_OPEN, DISCARDED. */
  readonly effects: Readonly<Record<string, number>>;
  /** Where the tried letters stand now. */
  readonly states: Readonly<Record<string, number>>;
  readonly rate_per_second: number | null;
  readonly note: string | null;
  readonly actor: string;
  readonly ordered_at: string;
  readonly last_progress_at: string | null;
}

interface EffectRow {
  readonly effect: string;
  readonly letters: number;
  readonly last_at: number | null;
}

const readEffects = async (db: Pool, commandId: string): Promise<readonly EffectRow[]> => {
  const { rows } = await db.query<EffectRow>({
    name: 'letter-command-effects',
    text: `select effect, count(*) as letters, max(acted_at) as last_at from views.letter_actions
      where command_id = $1 and effect is not null group by 1 order by 1`,
    values: [commandId],
  });
  return rows;
};

const readStates = async (db: Pool, commandId: string): Promise<Readonly<Record<string, number>>> => {
  const { rows } = await db.query<{ state: string; letters: number }>({
    name: 'letter-command-states',
    text: `select s.state, count(*) as letters from ${lettersFrom}
      where exists (select from views.letter_actions mine where mine.command_id = $1 and mine.source_topic = l.source_topic
        and mine.source_partition = l.source_partition and mine.source_offset = l.source_offset)
      group by 1 order by 1`,
    values: [commandId],
  });
  return Object.fromEntries(rows.map((row) => [row.state, row.letters]));
};

/** A redrive or discard by its command_id; `undefined` when the view knows none. */
export const findLetterCommand = async (
  db: Pool,
  commandId: string,
): Promise<LetterCommandBody | undefined> => {
  const { rows } = await db.query<LetterCommandRow>({
    name: 'letter-command',
    text: `select * from views.letter_commands where command_id = $1 and kind <> 'PLAN' order by "offset" limit 1`,
    values: [commandId],
  });
  const [row] = rows;
  if (row === undefined || row.kind === 'PLAN') return undefined;
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
