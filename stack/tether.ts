import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Ties a process to this one: a shell waits on a pipe from here, which closes when this process ends, even by
 * SIGKILL, and then ends the other. So an interrupted test run or `up` leaves no broker behind.
 * Gives back what unties it.
 */
export const tether = (pid: number, stopSignal: NodeJS.Signals): (() => void) => {
  const script = 'cat >/dev/null; kill -s "$1" "$2"; sleep 5; kill -s KILL "$2"';
  const shell = spawn('sh', ['-c', script, 'tether', stopSignal.replace('SIG', ''), String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  (shell.stdin as unknown as { unref(): void }).unref();
  return () => {
    if (shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
    // The group, so that `cat` goes with its shell.
    process.kill(-shell.pid, 'SIGKILL');
  };
};

/** The same for a child that SIGTERM ends. Untied when it has ended: from then on its id may be another's. */
export const tetherChild = (child: ChildProcess): void => {
  if (child.pid !== undefined) child.once('exit', tether(child.pid, 'SIGTERM'));
};
