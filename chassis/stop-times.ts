export interface StopTimes {
  /** While requests are still taken and /readyz already says no. */
  readonly graceMs: number;
  /** While what was received is finished. */
  readonly drainMs: number;
}

/**
 * How a stopping HTTP service spends its SHUTDOWN_TIMEOUT: the grace, the drain, and what is left for closing the
 * connections behind. A short one is shared out, a quarter at most to the grace and half of the rest to closing: as
 * fixed amounts they left the drain 100 ms of 5 s, and requests in flight were cut.
 */
export const stopTimes = (
  timeoutMs: number,
  wanted: { readonly graceMs: number; readonly closingMs: number },
): StopTimes => {
  const graceMs = Math.min(wanted.graceMs, timeoutMs / 4);
  const closingMs = Math.min(wanted.closingMs, (timeoutMs - graceMs) / 2);
  return { graceMs, drainMs: timeoutMs - graceMs - closingMs };
};
