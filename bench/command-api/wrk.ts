import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../stack/project-root';
import type { LoadOptions, LoadResult } from './load';

const run = promisify(execFile);
const answerWithinSeconds = 5;

/** Whether `wrk` is on the PATH; it says its version and ends with 1. */
export const hasWrk = (): boolean => spawnSync('wrk', ['-v']).error === undefined;

const valuesOf = (line: string): ReadonlyMap<string, number> =>
  new Map(
    line.split(' ').map((pair): [string, number] => {
      const [name = '', value] = pair.split('=');
      return [name, Number(value)];
    }),
  );

/** The line that buy.lua writes at the end, in our words. Requests that wrk cut off at the end are in none of its counts. */
export const resultOf = (line: string, connections: number): LoadResult => {
  const values = valuesOf(line);
  const of = (name: string): number => values.get(name) ?? Number.NaN;
  return {
    connections,
    seconds: of('us') / 1e6,
    accepted: of('requests') - of('refused'),
    refused: of('refused') + of('lost'),
    p50Ms: of('p50') / 1000,
    p99Ms: of('p99') / 1000,
    p999Ms: of('p999') / 1000,
  };
};

/** wrk with one thread, which keeps a unique order under way on every connection: it costs a third of a generator in Node. */
export const runWrk = async (options: LoadOptions): Promise<LoadResult> => {
  const { stdout } = await run(
    'wrk',
    [
      '--threads=1',
      `--connections=${options.connections}`,
      `--duration=${Math.ceil(options.durationMs / 1000)}s`,
      `--timeout=${answerWithinSeconds}s`,
      `--script=${join(projectRoot(), 'bench', 'command-api', 'buy.lua')}`,
      `${options.url}/commands/buy`,
    ],
    {
      env: { ...process.env, PREFIX: options.prefix, ITEM: options.item },
      timeout: options.durationMs + 60_000,
    },
  );
  const line = /^requests=.*$/m.exec(stdout)?.[0];
  if (line === undefined) throw new Error(`wrk said nothing that buy.lua writes:\n${stdout}`);
  return resultOf(line, options.connections);
};
