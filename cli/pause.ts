import { setTimeout } from 'node:timers/promises';

/** Waits, unless the signal aborts first; never rejects. */
export const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
};
