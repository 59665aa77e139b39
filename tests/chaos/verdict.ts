import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChaosSystem } from './chaos-system';
import type { RunFolder } from './run-folder';

export interface Verdict {
  readonly verdict: 'clean' | 'anomalies' | 'cannot tell';
  /** How many, by name. */
  readonly anomalies: Readonly<Record<string, number>>;
  readonly shown: readonly {
    readonly name: string;
    readonly summary: string;
    readonly evidence: readonly object[];
  }[];
  readonly counts: Readonly<Record<string, unknown>>;
  readonly recoveries: readonly Recovery[];
  readonly untold: readonly { readonly check: string; readonly why: string }[];
}

export interface Recovery {
  readonly after: string;
  readonly measure: string;
  readonly bound_ms: number;
  readonly took_ms: number | null;
}

/** Half a million orders take 8 minutes and 8 GB. */
const timeoutMs = 1_800_000;

const python = (checker: string, args: readonly string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn('python3', [checker, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });

/** Has the checker read the system as it is now into the run's folder, by its own readers. */
export const collect = async (checker: string, system: ChaosSystem, folder: RunFolder): Promise<void> => {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL, DATABASE_URL } = system.direct;
  const { code, output } = await python(checker, [
    'collect',
    folder.path,
    ...['--brokers', KAFKA_BROKERS],
    ...['--registry', SCHEMA_REGISTRY_URL],
    ...['--redis', REDIS_URL],
    ...['--postgres', DATABASE_URL],
    ...['--journal', system.journalFile],
    ...['--sale-id', system.saleId],
    '--at-rest',
  ]);
  if (code !== 0) throw new Error(`the checker could not read the system:\n${output}`);
};

export interface Judged {
  readonly verdict: Verdict;
  /** For people. */
  readonly text: string;
}

/** Has the checker judge the folder. */
export const judge = async (checker: string, folder: string): Promise<Judged> => {
  const file = join(folder, 'verdict.json');
  const { code, output } = await python(checker, ['check', folder, '--json', file]);
  if (code !== 0 && code !== 1 && code !== 2) throw new Error(`the checker failed:\n${output}`);
  return { verdict: JSON.parse(readFileSync(file, 'utf8')) as Verdict, text: output };
};
