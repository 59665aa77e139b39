import { spawn } from 'node:child_process';
import { couldNot } from './exit';
import type { Environment } from './settings';

export interface ChildOptions {
  readonly environment: Environment;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** What it says is a notice on the way and no part of our answer. */
  readonly isNotice?: boolean;
  /** Lines of its standard error, as they come. */
  readonly onNotice?: (line: string) => void;
}

const environmentOf = (given: Environment): NodeJS.ProcessEnv => ({ ...given });

/** Runs a program on this terminal and gives back its exit code; Ctrl-C reaches it as it reaches us. */
export const runHere = (command: string, args: readonly string[], options: ChildOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    const { cwd, environment } = options;
    const child = spawn(command, args, {
      cwd,
      env: environmentOf(environment),
      stdio: ['inherit', options.isNotice === true ? 2 : 'inherit', 'inherit'],
    });
    options.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    child.once('error', (error) => reject(couldNot(`${command} cannot be started: ${error.message}`)));
    child.once('close', (code) => resolve(code ?? 1));
  });

export interface Captured {
  readonly code: number;
  readonly output: string;
}

/** Runs a program and gives back what it wrote to its standard output. */
export const capture = (command: string, args: readonly string[], options: ChildOptions): Promise<Captured> =>
  new Promise((resolve, reject) => {
    const { cwd, environment, onNotice } = options;
    const child = spawn(command, args, {
      cwd,
      env: environmentOf(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    options.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    const written: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => written.push(chunk));
    let rest = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onNotice?.(line);
    });
    child.once('error', (error) => reject(couldNot(`${command} cannot be started: ${error.message}`)));
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(written).toString() }));
  });
