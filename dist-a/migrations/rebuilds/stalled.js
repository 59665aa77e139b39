"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.shownState = exports.isStalled = exports.stalledAfterMs = void 0;
/** Without a step forward for this long, with events left to fold, something is wrong and a person must look. */
exports.stalledAfterMs = 30_000;
/** The rule of the one who builds: `left` events, and no step since `progressedAtMs`. */
const isStalled = (progressedAtMs, left, nowMs, afterMs = exports.stalledAfterMs) => left > 0 && nowMs - progressedAtMs >= afterMs;
exports.isStalled = isStalled;
/** The state as every watcher names it: STALLED when it is built and stands still for longer than its builder bears. */
const shownState = (rebuild, nowMs) => {
    // A builder that died before its first count has noted nothing to do; one that builds indexes has nothing left.
    const left = rebuild.events_total === 0 ? 1 : rebuild.events_total - rebuild.events_done;
    const stands = (0, exports.isStalled)(rebuild.progressed_at, left, nowMs, rebuild.stalled_after_ms);
    return rebuild.state === 'BUILDING' && stands ? 'STALLED' : rebuild.state;
};
exports.shownState = shownState;
//# sourceMappingURL=stalled.js.map