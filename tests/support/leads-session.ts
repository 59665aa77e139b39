import { spawnSync } from 'node:child_process';

/** Whether a process leads a session of its own; one that does not is in the session of the process that started it. */
export const leadsSession = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  if (stdout.trim() === '') throw new Error(`no process ${pid}`);
  return stdout.includes('s');
};
