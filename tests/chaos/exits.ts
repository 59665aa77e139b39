import type { Exit } from './managed-process';

/** An end that was asked for by a signal is as asked when the process died of it, or left politely. */
export const isAsAsked = ({ code, signal }: Exit, asked: NodeJS.Signals): boolean =>
  signal === asked || (asked === 'SIGTERM' && code === 0);

const loopMs = 60_000;
/** A broker that is restarted twice within a minute may cost a service two ends. */
const ownEndsMax = 3;

/**
 * Whether an end that nobody asked for is one that the scenario allows: by one of these codes, and not in a loop. A service
 * that ends itself is started again at once, so a fourth end within a minute says that ending helps nothing.
 */
export const createExitAllowance = (
  codes: readonly number[],
): ((process: string, code: number | null, atMs: number) => boolean) => {
  const ends = new Map<string, readonly number[]>();
  return (process, code, atMs) => {
    if (code === null || !codes.includes(code)) return false;
    const recent = [...(ends.get(process) ?? []).filter((earlierMs) => atMs - earlierMs < loopMs), atMs];
    ends.set(process, recent);
    return recent.length <= ownEndsMax;
  };
};
