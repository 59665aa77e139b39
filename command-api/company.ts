const companyMin = 16;
/** A script call with 64 commands takes 0.5 ms of Redis. */
export const companyMax = 64;

/**
 * How many commands that wait are worth a call to Redis or a request to the log at once, without waiting for the next turn. Half of
 * those under way: with a fixed number fewer connections than that always wait for the clock, and more never do.
 */
export const companyOf = (inFlight: number): number =>
  Math.min(companyMax, Math.max(companyMin, Math.ceil(inFlight / 2)));
