import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from './program';
import { findRoot } from './settings';
import { createTerminal } from './terminal';

const root = findRoot(__dirname);
const skipped = new Set(['node_modules', 'dist', '.stack', '.git', 'coverage']);

const pagesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pagesIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

const pages = pagesIn(root);

/** Redis' command line, and its writing commands where something is written by them. */
const byHand =
  /redis-cli|\b(?:HSET|HINCRBY|HDEL|INCRBY|DECRBY|SETEX|MSET|SADD|SREM|UNLINK|DEL) +[`'"{]?\{?sale/;

describe('the documentation', () => {
  it('never edits Redis by hand', () => {
    expect(pages.length).toBeGreaterThan(20);
    const found = pages.filter((page) => byHand.test(readFileSync(page, 'utf8')));
    expect(found).toEqual([]);
  });

  it('names only commands of flash-sale that there are', () => {
    const terminal = createTerminal({ write: () => undefined }, { write: () => undefined }, undefined);
    const program = createProgram({
      terminal,
      environment: {},
      root,
      keyboard: { listen: () => undefined },
      signal: new AbortController().signal,
      end: () => undefined,
    });
    const known = new Set(program.commands.map((command) => command.name()));
    const named = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/npx flash-sale ([a-z]+)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
