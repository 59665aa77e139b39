import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { JournalEntry } from '../payment/simulator';

/** What happened to money, one JSON line an entry, in order. */
export interface Journal {
  /** In the file before the caller is answered; a killed process loses nothing, a lost machine may. */
  append(entry: JournalEntry): void;
  text(): string;
  close(): void;
}

const lineOf = (entry: JournalEntry): string => `${JSON.stringify(entry)}\n`;

/** A last line that a kill cut short is left out: its caller was not answered. */
export const readEntries = (text: string): readonly JournalEntry[] =>
  text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalEntry);

const memoryJournal = (): Journal => {
  const lines: string[] = [];
  return {
    append: (entry) => void lines.push(lineOf(entry)),
    text: () => lines.join(''),
    close: () => undefined,
  };
};

const fileJournal = (file: string): Journal => {
  const earlier = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const descriptor = openSync(file, 'a');
  if (earlier !== '' && !earlier.endsWith('\n')) writeSync(descriptor, '\n');
  return {
    append: (entry) => void writeSync(descriptor, lineOf(entry)),
    text: () => readFileSync(file, 'utf8'),
    close: () => closeSync(descriptor),
  };
};

export const openJournal = (file: string | undefined): Journal =>
  file === undefined ? memoryJournal() : fileJournal(file);
