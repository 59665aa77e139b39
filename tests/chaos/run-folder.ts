import { createWriteStream, mkdirSync, rmSync, writeFileSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** The inputs of tests/checker that the supervisor itself writes; the rest is collected at the end. */
export type LinesName = 'history' | 'timeline' | 'exits' | 'audits' | 'resources';

/** Where everything about a run is kept: one file for each input of the checker. */
export interface RunFolder {
  readonly path: string;
  append(name: LinesName, line: object): void;
  write(name: string, content: unknown): void;
  /** Resolves once all lines are on disk; what is appended from then on is left out. Safe to call twice. */
  close(): Promise<void>;
}

const finished = (stream: WriteStream): Promise<void> =>
  new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.end(() => resolve());
  });

/** A run of the same scenario and seed takes the place of an earlier one, whose payments would count as its own. */
export const createRunFolder = (path: string): RunFolder => {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  const open = (name: LinesName): WriteStream => createWriteStream(join(path, `${name}.jsonl`));
  const streams: Readonly<Record<LinesName, WriteStream>> = {
    history: open('history'),
    timeline: open('timeline'),
    exits: open('exits'),
    audits: open('audits'),
    resources: open('resources'),
  };
  let closing: Promise<void> | undefined;
  return {
    path,
    append: (name, line) => {
      if (closing === undefined) streams[name].write(`${JSON.stringify(line)}\n`);
    },
    write: (name, content) => writeFileSync(join(path, name), `${JSON.stringify(content, null, 1)}\n`),
    close: () => (closing ??= Promise.all(Object.values(streams).map(finished)).then(() => undefined)),
  };
};
