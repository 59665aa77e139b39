import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface ReplayLine {
  /** Of the monotonic clock. */
  readonly atMs: number;
  readonly text: string;
}

export interface ReplayRun {
  readonly code: number | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly lines: readonly ReplayLine[];
}

/** Runs the replay command as an operator does; `say` gets each line as it comes. */
export const runReplay = (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<ReplayRun> =>
  new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const main = join(__dirname, '../../projector/replay/main.js');
    const child = spawn(process.execPath, [main, ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: ReplayLine[] = [];
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const whole = (rest + chunk).split('\n');
      rest = whole.pop() ?? '';
      for (const text of whole) {
        lines.push({ atMs: performance.now(), text });
        say(text);
      }
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, startedAtMs, endedAtMs: performance.now(), lines }));
  });
