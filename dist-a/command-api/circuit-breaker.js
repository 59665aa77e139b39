"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.CircuitBreaker = void 0;
/** While probes are under way the next free place is a matter of their deadline, not of the pause. */
const probingRetryMs = 1_000;
/**
 * Stops sending to a log that does not answer. After `failureThreshold` failures in a row it opens for
 * `baseTimeoutMs`; then as many probes as it needs successes are let through: all succeed and it closes, one fails
 * and it opens again for twice as long, up to `maxTimeoutMs`. Attempts begun before the last change of state count no
 * more: 500 requests failing together open it once and double nothing.
 */
class CircuitBreaker {
    limits;
    nowMs;
    onChange;
    current = 'closed';
    generation = 0;
    failures = 0;
    successes = 0;
    probes = 0;
    pauseMs = 0;
    probesAtMs = 0;
    constructor(limits, nowMs, onChange = () => undefined) {
        this.limits = limits;
        this.nowMs = nowMs;
        this.onChange = onChange;
    }
    get state() {
        this.wake();
        return this.current;
    }
    /** How long the present pause still lasts; 0 unless open. */
    get retryAfterMs() {
        return this.state === 'open' ? this.probesAtMs - this.nowMs() : 0;
    }
    tryPass() {
        this.wake();
        switch (this.current) {
            case 'closed':
                return { kind: 'permit', generation: this.generation, settled: false };
            case 'open':
                return { kind: 'refused', retryAfterMs: this.probesAtMs - this.nowMs() };
            case 'half-open':
                if (this.probes + this.successes >= this.limits.successThreshold) {
                    return { kind: 'refused', retryAfterMs: probingRetryMs };
                }
                this.probes += 1;
                return { kind: 'permit', generation: this.generation, settled: false };
        }
    }
    settle(permit, attempt) {
        if (permit.settled || permit.generation !== this.generation)
            return;
        permit.settled = true;
        if (this.current === 'half-open') {
            this.probes -= 1;
            this.settleProbe(attempt);
        }
        else if (attempt === 'success') {
            this.failures = 0;
        }
        else if (attempt === 'failure') {
            this.failures += 1;
            if (this.failures >= this.limits.failureThreshold)
                this.open(this.limits.baseTimeoutMs);
        }
    }
    settleProbe(attempt) {
        if (attempt === 'failure') {
            this.open(Math.min(this.pauseMs * 2, this.limits.maxTimeoutMs));
        }
        else if (attempt === 'success') {
            this.successes += 1;
            if (this.successes >= this.limits.successThreshold)
                this.enter('closed', 0);
        }
    }
    open(pauseMs) {
        this.probesAtMs = this.nowMs() + pauseMs;
        this.enter('open', pauseMs);
    }
    /** The pause ends by the clock and not by a timer, so an idle process has none running. */
    wake() {
        if (this.current === 'open' && this.nowMs() >= this.probesAtMs) {
            this.enter('half-open', this.pauseMs);
        }
    }
    enter(state, pauseMs) {
        this.current = state;
        this.pauseMs = pauseMs;
        this.generation += 1;
        this.failures = 0;
        this.successes = 0;
        this.probes = 0;
        this.onChange(state, pauseMs);
    }
}
exports.CircuitBreaker = CircuitBreaker;
//# sourceMappingURL=circuit-breaker.js.map