import { pause } from '../../chassis/deadline';

export interface EventuallyOptions {
  /** How long to go on trying; default 10 s. */
  readonly withinMs?: number;
  /** The pause between two tries; default 50 ms. */
  readonly everyMs?: number;
}

/**
 * Tries until `check` neither throws nor rejects, and gives its value. After `withinMs` it fails with the last
 * error of `check`, so a test reports what was still wrong. Every try is awaited: give calls inside it a deadline.
 */
export const eventually = async <T>(
  check: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 50 }: EventuallyOptions = {},
): Promise<T> => {
  const endsAtMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= endsAtMs) throw error;
      await pause(everyMs);
    }
  }
};
