import type { Pool } from 'pg';
import { lettersFrom } from '../migrations/letters/letter-rows';
import { openStates, type LetterState } from '../migrations/letters/letter-filter';

export interface LetterCount {
  readonly state: LetterState;
  readonly reason: string;
  readonly letters: number;
}

export interface LetterFigures {
  /** Letters that somebody must look at: PARKED or FAILED_AGAIN. */
  readonly open: number;
  /** When the oldest open one was parked, milliseconds since 1970; null without one. */
  readonly oldestOpenAtMs: number | null;
  readonly counts: readonly LetterCount[];
}

/** A metric gets a series for each; a reason is a header, which anybody who may write to the topic can invent. */
const countsMax = 50;

/** About 50 ms for ten thousand letters: read by the alerts’ clock and at the console’s pace, not by the scrape. */
export const readLetterFigures = async (db: Pool): Promise<LetterFigures> => {
  const { rows } = await db.query<LetterCount & { readonly oldest: number }>({
    name: 'figures-letters',
    text: `select s.state, l.reason, count(*) as letters, min(l.parked_at) as oldest
      from ${lettersFrom} group by 1, 2 order by 3 desc, 1, 2`,
  });
  const open = rows.filter(({ state }) => openStates.includes(state));
  return {
    open: open.reduce((sum, { letters }) => sum + letters, 0),
    oldestOpenAtMs: open.length === 0 ? null : Math.min(...open.map(({ oldest }) => oldest)),
    counts: rows.slice(0, countsMax).map(({ state, reason, letters }) => ({ state, reason, letters })),
  };
};
