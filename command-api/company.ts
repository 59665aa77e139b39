const companyMin = 4;
/** A script call with 128 commands takes 1 ms of Redis. At 512 connections 4 % more accepted than with 64. */
const companyMax = 128;

/**
 * How many commands that wait are worth a call to Redis or a request to the log at once, without waiting for the clock: half
 * of those under way. With a fixed 64, 32 connections always waited (6,478 accepted/s instead of 9,327). One or two wait for
 * nobody: a client that buys again and again had 317 answers a second, and has 526. From three on at least four go
 * together: at 1,000 orders/s calls for one or two cost all processes a sixth of a core more.
 */
export const companyOf = (inFlight: number): number =>
  inFlight <= 2 ? 1 : Math.min(companyMax, Math.max(companyMin, Math.ceil(inFlight / 2)));
