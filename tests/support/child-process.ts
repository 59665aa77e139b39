import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { withDeadline } from '../../chassis/deadline';
import { claimPort } from '../../stack/ports';
import { projectRoot } from '../../stack/project-root';
import { eventually } from './eventually';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One of our services in a process of its own, from its sources. */
export interface ChildService {
  readonly url: string;
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it has ended; rejects after `withinMs`. */
  ended(withinMs: number): Promise<Exit>;
  /** What it has written so far. */
  output(): string;
  /** Kills it if it still runs. For the end of a test. */
  remove(): Promise<void>;
}

const startWithinMs = 60_000;

/**
 * Starts a TypeScript file as a process and waits until its `/readyz` says so.
 * @param file relative to the project's root
 * @throws when it ends before, with what it wrote
 */
export const startChildService = async (
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<ChildService> => {
  const port = environment['PORT'] ?? String(await claimPort(0, 'PORT'));
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    ['-r', join(projectRoot(), 'tests', 'support', 'run-typescript.js'), join(projectRoot(), file)],
    {
      cwd: projectRoot(),
      env: { ...process.env, HOST: '127.0.0.1', ...environment, PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const written: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => written.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => written.push(chunk));
  const output = (): string => Buffer.concat(written).toString();
  const exit = new Promise<Exit>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;

  const remove = async (): Promise<void> => {
    if (!hasEnded()) child.kill('SIGKILL');
    await exit;
  };
  const readiness = async (): Promise<boolean> => {
    if (hasEnded()) return false;
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    if (!answer.ok) throw new Error(`/readyz says ${answer.status}`);
    return true;
  };
  const isReady = await eventually(readiness, { withinMs: startWithinMs }).catch(() => false);
  if (!isReady) {
    await remove();
    throw new Error(`${file} did not start:\n${output()}`);
  }
  return {
    url,
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    ended: (withinMs) => withDeadline(exit, withinMs, `the end of ${file}`),
    output,
    remove,
  };
};
