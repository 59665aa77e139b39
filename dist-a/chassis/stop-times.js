"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.stopTimes = void 0;
/**
 * How a stopping HTTP service spends its SHUTDOWN_TIMEOUT: the grace, the drain, and what is left for closing the
 * connections behind. A short one is shared out, a quarter at most to the grace and half of the rest to closing: as
 * fixed amounts they left the drain 100 ms of 5 s, and requests in flight were cut.
 */
const stopTimes = (timeoutMs, wanted) => {
    const graceMs = Math.min(wanted.graceMs, timeoutMs / 4);
    const closingMs = Math.min(wanted.closingMs, (timeoutMs - graceMs) / 2);
    return { graceMs, drainMs: timeoutMs - graceMs - closingMs };
};
exports.stopTimes = stopTimes;
//# sourceMappingURL=stop-times.js.map