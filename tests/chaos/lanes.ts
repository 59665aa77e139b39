import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { usePartOfPorts } from '../../stack/ports';
import { tether } from '../../stack/tether';

/** Work on several jobs at a time: each lane takes the next one that waits. */
export const inLanes = async <T>(
  jobs: readonly T[],
  lanesCount: number,
  work: (job: T, lane: number) => Promise<void>,
): Promise<void> => {
  const waiting = [...jobs];
  const goOn = async (lane: number): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await work(job, lane);
  };
  await Promise.all(Array.from({ length: lanesCount }, (_, lane) => goOn(lane)));
};

export interface Supervisor {
  /** The file it runs, and with which words. */
  readonly main: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly timeoutMs: number;
}

/** A supervisor of its own, so that no run's buyers and links wait for another run's plot. Resolves with how it ended. */
export const supervise = ({ main, words, environment, logFile, timeoutMs }: Supervisor): Promise<string> =>
  new Promise((resolve) => {
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [main, ...words], {
      // The one that asks has looked already what is left to do.
      env: { ...process.env, PARALLEL: '1', AGAIN: '1', ...environment },
      stdio: ['ignore', log, log],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    closeSync(log);
    const letGo = tether(child.pid ?? 0, 'SIGKILL');
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      letGo();
      resolve(`the run's supervisor ended with ${code ?? signal ?? '?'}`);
    });
  });

/** `1/3`: one of three supervisors on this machine, which shall not take each other's ports. */
export const keepToLane = (lane: string | undefined): void => {
  const [part, count] = (lane ?? '').split('/').map(Number);
  if (part !== undefined && count !== undefined) usePartOfPorts(part, count);
};
