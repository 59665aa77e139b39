import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second for readers of /proc. */
const ticksPerSecond = 100;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly ownSeconds: number;
  /** Of children that have ended. */
  readonly endedSeconds: number;
}

const timesOf = (pid: number): ProcessTimes | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; what follows it does not.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const seconds = (first: number): number =>
      (Number(fields[first]) + Number(fields[first + 1])) / ticksPerSecond;
    return { pid, parent: Number(fields[1]), ownSeconds: seconds(11), endedSeconds: seconds(13) };
  } catch {
    return undefined;
  }
};

/**
 * CPU seconds that a process and its children, those that have ended included, have used so far: what is left of a
 * measurement when other work shares the machine. Linux only; 0 elsewhere.
 */
export const cpuSecondsOf = (pid: number): number => {
  const root = timesOf(pid);
  if (root === undefined) return 0;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => timesOf(Number(name)))
    .filter((times) => times?.parent === pid);
  return children.reduce(
    (sum, times) => sum + (times?.ownSeconds ?? 0) + (times?.endedSeconds ?? 0),
    root.ownSeconds + root.endedSeconds,
  );
};

/** Like `cpuSecondsOf`, but without the children that still run. */
export const cpuSecondsWithoutChildrenOf = (pid: number): number => {
  const times = timesOf(pid);
  return times === undefined ? 0 : times.ownSeconds + times.endedSeconds;
};

/** 0 when there is no such process. */
export const parentOf = (pid: number): number => timesOf(pid)?.parent ?? 0;
