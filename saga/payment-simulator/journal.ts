import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JournalEntry } from '../payment/simulator';

/** What happened to money, one JSON object a line; kept in memory to be shown, and in a file to outlive the process. */
export interface Journal {
  append(entry: JournalEntry): void;
  /** All of it, as newline-delimited JSON. */
  text(): string;
  readonly length: number;
  close(): void;
}

const parse = (line: string): readonly JournalEntry[] => {
  try {
    return [JSON.parse(line) as JournalEntry];
  } catch {
    /** The last line of a process that was killed may be half a line: its answer was never given. */
    return [];
  }
};

/** Opens the journal and hands every entry of an earlier process to `restore`. */
export const openJournal = (path: string | undefined, restore: (entry: JournalEntry) => void): Journal => {
  const lines: string[] = [];
  if (path !== undefined && existsSync(path)) {
    for (const entry of readFileSync(path, 'utf8').split('\n').flatMap(parse)) {
      lines.push(JSON.stringify(entry));
      restore(entry);
    }
  }
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true });
  const file = path === undefined ? undefined : openSync(path, 'a');
  return {
    append: (entry) => {
      const line = JSON.stringify(entry);
      lines.push(line);
      /** In the file before anybody is answered: a line behind a half line starts on a fresh one. */
      if (file !== undefined) writeSync(file, `${line}\n`);
    },
    text: () => lines.map((line) => `${line}\n`).join(''),
    get length() {
      return lines.length;
    },
    close: () => {
      if (file !== undefined) closeSync(file);
    },
  };
};
