import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';

const names = [
  'decide',
  'settle',
  'emitted',
  'adjust',
  'close',
  'open',
  'load_items',
  'load_orders',
  'load_commands',
  'audit',
  'lease',
] as const;
export type ScriptName = (typeof names)[number];

type Argument = string | number;

/** Runs a script by its hash, and sends its text only to a server that does not know it yet. */
export type RunScript = (
  name: ScriptName,
  keys: readonly string[],
  args: readonly Argument[],
) => Promise<unknown>;

const isUnknownScript = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOSCRIPT');

/** Reads the scripts beside this file. */
export const readScripts = (): ReadonlyMap<ScriptName, { readonly text: string; readonly sha: string }> =>
  new Map(
    names.map((name) => {
      const text = readFileSync(join(__dirname, `${name}.lua`), 'utf8');
      return [name, { text, sha: createHash('sha1').update(text).digest('hex') }];
    }),
  );

export const scriptRunner = (redis: Redis, scripts: ReturnType<typeof readScripts>): RunScript => {
  return async (name, keys, args) => {
    const script = scripts.get(name);
    if (!script) throw new TypeError(`There is no script ${name}.`);
    const command = (first: string): Argument[] => ([first, keys.length] as Argument[]).concat(keys, args);
    try {
      return await redis.call('EVALSHA', command(script.sha));
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return redis.call('EVAL', command(script.text));
    }
  };
};
