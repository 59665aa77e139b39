/** A read takes this share of the time at most, however slow it has become. */
const share = 1 / 20;

/**
 * Gives what `read` gave last until it may be asked again: after 20 times as long as it took. Counting ten thousand
 * letters takes 50 ms and is done every second; a million letters are counted less often, and hold up nobody.
 * @param clock milliseconds, never going back
 */
export const paced = <T>(read: () => Promise<T>, clock: () => number): (() => Promise<T>) => {
  let last: { readonly value: T; readonly untilMs: number } | undefined;
  return async () => {
    const startedAtMs = clock();
    if (last && startedAtMs < last.untilMs) return last.value;
    const value = await read();
    const endedAtMs = clock();
    last = { value, untilMs: startedAtMs + (endedAtMs - startedAtMs) / share };
    return value;
  };
};
