"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.WindowLimiter = void 0;
/** Keys kept: the least recently used one is forgotten beyond this, which at worst lets a quiet user start afresh. */
const keysMaxDefault = 50_000;
/**
 * The sliding window of admit.lua inside this process, for the time while Redis is away. Each process counts for
 * itself then, so N processes let up to N times the limit through; an outage does not open the gate entirely.
 */
class WindowLimiter {
    windows = new Map();
    limits;
    nowMs;
    keysMax;
    constructor(limits, nowMs, keysMax = keysMaxDefault) {
        this.limits = limits;
        this.nowMs = nowMs;
        this.keysMax = keysMax;
    }
    count(key) {
        const { requestsMax, windowMs } = this.limits;
        const now = this.nowMs();
        const instants = this.touch(key, now - windowMs);
        const resetMs = (instants[0] ?? now) + windowMs - now;
        if (instants.length >= requestsMax)
            return { kind: 'limited', retryAfterMs: resetMs };
        instants.push(now);
        return { kind: 'counted', quota: { remaining: requestsMax - instants.length, resetMs } };
    }
    get size() {
        return this.windows.size;
    }
    /** The key's instants after `edgeMs`, moved to the young end of the map, which keeps insertion order. */
    touch(key, edgeMs) {
        const instants = this.windows.get(key) ?? [];
        this.windows.delete(key);
        const firstInside = instants.findIndex((instant) => instant > edgeMs);
        instants.splice(0, firstInside === -1 ? instants.length : firstInside);
        this.windows.set(key, instants);
        if (this.windows.size > this.keysMax)
            this.forgetOldest();
        return instants;
    }
    forgetOldest() {
        const oldest = this.windows.keys().next();
        if (!oldest.done)
            this.windows.delete(oldest.value);
    }
}
exports.WindowLimiter = WindowLimiter;
//# sourceMappingURL=window-limiter.js.map