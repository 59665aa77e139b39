const companyMin = 4;
/** A script call with 128 commands takes 1 ms of Redis. At 512 connections 4 % more accepted than with 64. */
const companyMax = 128;

const partOf = (inFlight: number, parts: number): number =>
  inFlight <= 2 ? 1 : Math.min(companyMax, Math.max(companyMin, Math.ceil(inFlight / parts)));

/**
 * How many commands that wait are worth a call to Redis at once, without waiting for the clock: half of those under way.
 * With a fixed 64, 32 connections always waited (6,478 accepted/s instead of 9,327). One or two wait for nobody: a client
 * that buys again and again had 317 answers a second, and has 526. From three on at least four go together: at 1,000
 * orders/s calls for one or two cost all processes a sixth of a core more.
 */
export const companyOf = (inFlight: number): number => partOf(inFlight, 2);

/**
 * The same for a request to the log: an eighth. What Redis let in comes as a batch already; with half, a batch of 54 often
 * waited for the next one, 2 ms, and the broker slept meanwhile. A quarter gave 6 % more at 128 connections than three eighths,
 * and those 5 % more than half; a tenth gave no less (docs/benchmark-command-api-history.md).
 */
export const companyToLogOf = (inFlight: number): number => partOf(inFlight, 8);
