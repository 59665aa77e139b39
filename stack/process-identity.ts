import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process as the system knows it: ids are used again, so the moment it started belongs to it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: clock ticks since boot on Linux, `ps`'s date elsewhere. */
  readonly startedAt: string;
}

/**
 * State and start of a line of /proc/<pid>/stat: fields 3 and 22. The name in field 2 may hold spaces and brackets.
 * @returns undefined for a zombie: it has ended, and only its parent has not looked yet.
 */
export const startFromStat = (stat: string): string | undefined => {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
};

const startOf = (pid: number): string | undefined => {
  if (process.platform === 'linux') {
    try {
      return startFromStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return undefined;
    }
  }
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const line = ps.stdout.trim();
  return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
};

/** The identity of a process that runs, else undefined. */
export const identify = (pid: number): ProcessIdentity | undefined => {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
};

/** Whether that very process still runs, not another one with its number. */
export const isRunning = ({ pid, startedAt }: ProcessIdentity): boolean => startOf(pid) === startedAt;
