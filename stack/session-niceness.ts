import { writeFile } from 'node:fs/promises';
import { pause } from '../chassis/deadline';
import type { Niceness } from './settings';

/** Linux takes one change in 100 ms from all who are not root, and answers EAGAIN to the others. */
const pauseMs = 110;
const attemptsMax = 50;
const mostNice = 19;

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/**
 * Makes the session of a process step back for other sessions, by as much as the process does within it: where Linux
 * shares a contended core between sessions (sched_autogroup(7), the default of most distributions), a process's own
 * niceness counts among those of its session only. Does nothing where there are no such groups, or when the process has
 * ended. The process must lead a session of its own.
 */
export const stepBackAsSession = async (pid: number, niceness: Niceness): Promise<void> => {
  const nice = String(niceness === 'idle' ? mostNice : niceness);
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    try {
      await writeFile(`/proc/${pid}/autogroup`, nice);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') return;
      await pause(pauseMs);
    }
  }
};
