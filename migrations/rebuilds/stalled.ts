import type { RebuildRow } from '../tables';

/** Without a step forward for this long, with events left to fold, something is wrong and a person must look. */
export const stalledAfterMs = 30_000;

/** The rule of the one who builds: `left` events, and no step since `progressedAtMs`. */
export const isStalled = (
  progressedAtMs: number,
  left: number,
  nowMs: number,
  afterMs = stalledAfterMs,
): boolean => left > 0 && nowMs - progressedAtMs >= afterMs;

type Judged = Pick<
  RebuildRow,
  'state' | 'progressed_at' | 'events_done' | 'events_total' | 'stalled_after_ms'
>;

/** The state as every watcher names it: STALLED when it is built and stands still for longer than its builder bears. */
export const shownState = (rebuild: Judged, nowMs: number): string => {
  // A builder that died before its first count has noted nothing to do; one that builds indexes has nothing left.
  const left = rebuild.events_total === 0 ? 1 : rebuild.events_total - rebuild.events_done;
  const stands = isStalled(rebuild.progressed_at, left, nowMs, rebuild.stalled_after_ms);
  return rebuild.state === 'BUILDING' && stands ? 'STALLED' : rebuild.state;
};
