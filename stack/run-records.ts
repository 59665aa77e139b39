import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../chassis/deadline';
import { isRunning, type ProcessIdentity } from './process-identity';

/** What `up` leaves behind for `ps` and `down`: one file a process, in `.stack/run/`. */
export interface RunRecord extends ProcessIdentity {
  readonly name: string;
  readonly role: 'server' | 'supervisor' | 'service';
  readonly port: number | undefined;
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take after the signal before it is killed. */
  readonly stopTimeoutMs: number;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  /** How often the supervisor has started it again. */
  readonly restarts: number;
}

const ending = '.json';

/** Written aside and renamed, so that a reader never sees half a record. */
export const writeRecord = (runDir: string, record: RunRecord): void => {
  mkdirSync(runDir, { recursive: true });
  const path = join(runDir, `${record.name}${ending}`);
  writeFileSync(`${path}.new`, JSON.stringify(record));
  renameSync(`${path}.new`, path);
};

export const removeRecord = (runDir: string, name: string): void =>
  rmSync(join(runDir, `${name}${ending}`), { force: true });

/** All records, oldest process first; none when nothing was ever started. */
export const readRecords = (runDir: string): readonly RunRecord[] => {
  let names: string[];
  try {
    names = readdirSync(runDir).filter((name) => name.endsWith(ending));
  } catch {
    return [];
  }
  return names
    .map((name) => JSON.parse(readFileSync(join(runDir, name), 'utf8')) as RunRecord)
    .sort((a, b) => a.sinceMs - b.sinceMs);
};

const pollMs = 50;
const killTimeoutMs = 5000;

const gone = async (record: RunRecord, timeoutMs: number): Promise<boolean> => {
  const endsAtMs = performance.now() + timeoutMs;
  while (isRunning(record)) {
    if (performance.now() >= endsAtMs) return false;
    await pause(pollMs);
  }
  return true;
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between; the caller looks again.
  }
};

export type StopOutcome = 'was not running' | 'stopped' | 'killed' | 'does not end';

/** Stops the very process of a record within its deadline; another process with its number is left alone. */
export const stopRecorded = async (record: RunRecord): Promise<StopOutcome> => {
  if (!isRunning(record)) return 'was not running';
  signal(record.pid, record.stopSignal);
  // One that was halted by SIGSTOP takes the signal only when it goes on.
  signal(record.pid, 'SIGCONT');
  if (await gone(record, record.stopTimeoutMs)) return 'stopped';
  signal(record.pid, 'SIGKILL');
  return (await gone(record, killTimeoutMs)) ? 'killed' : 'does not end';
};
