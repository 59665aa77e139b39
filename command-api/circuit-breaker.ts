export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerLimits {
  /** Failures in a row that open it. */
  readonly failureThreshold: number;
  /** Successes in a row, half-open, that close it. */
  readonly successThreshold: number;
  readonly baseTimeoutMs: number;
  readonly maxTimeoutMs: number;
}

/** Leave to try once. What came of it must be told with `settle`, whatever it was; told again, it counts no more. */
export interface Permit {
  readonly kind: 'permit';
  readonly generation: number;
  /** How many had succeeded when it was given. */
  readonly succeeded: number;
  settled: boolean;
}
export interface Refused {
  readonly kind: 'refused';
  /** When the breaker will let a probe through again. */
  readonly retryAfterMs: number;
}

/** `unused`: nothing was tried, or what failed says nothing of the log. */
export type Attempt = 'success' | 'failure' | 'unused';

/** While probes are under way the next free place is a matter of their deadline, not of the pause. */
const probingRetryMs = 1_000;

/**
 * Stops sending to a log that does not answer. After `failureThreshold` failures in a row it opens for
 * `baseTimeoutMs`; then as many probes as it needs successes are let through: all succeed and it closes, one fails
 * and it opens again for twice as long, up to `maxTimeoutMs`. Attempts begun before the last change of state count no
 * more: 500 requests failing together open it once and double nothing. Nor does a failure count when another attempt
 * succeeded after it began: then the log answers, and what failed is one partition of it.
 */
export class CircuitBreaker {
  private readonly limits: BreakerLimits;
  private readonly nowMs: () => number;
  private readonly onChange: (state: BreakerState, pauseMs: number) => void;
  private current: BreakerState = 'closed';
  private generation = 0;
  private failures = 0;
  private successes = 0;
  private succeeded = 0;
  private probes = 0;
  private pauseMs = 0;
  private probesAtMs = 0;

  constructor(
    limits: BreakerLimits,
    nowMs: () => number,
    onChange: (state: BreakerState, pauseMs: number) => void = () => undefined,
  ) {
    this.limits = limits;
    this.nowMs = nowMs;
    this.onChange = onChange;
  }

  get state(): BreakerState {
    this.wake();
    return this.current;
  }

  /** How long the present pause still lasts; 0 unless open. */
  get retryAfterMs(): number {
    return this.state === 'open' ? this.probesAtMs - this.nowMs() : 0;
  }

  tryPass(): Permit | Refused {
    this.wake();
    switch (this.current) {
      case 'closed':
        return this.permit();
      case 'open':
        return { kind: 'refused', retryAfterMs: this.probesAtMs - this.nowMs() };
      case 'half-open':
        if (this.probes + this.successes >= this.limits.successThreshold) {
          return { kind: 'refused', retryAfterMs: probingRetryMs };
        }
        this.probes += 1;
        return this.permit();
    }
  }

  settle(permit: Permit, told: Attempt): void {
    if (permit.settled || permit.generation !== this.generation) return;
    permit.settled = true;
    const attempt = told === 'failure' && permit.succeeded !== this.succeeded ? 'unused' : told;
    if (attempt === 'success') this.succeeded += 1;
    if (this.current === 'half-open') {
      this.probes -= 1;
      this.settleProbe(attempt);
    } else if (attempt === 'success') {
      this.failures = 0;
    } else if (attempt === 'failure') {
      this.failures += 1;
      if (this.failures >= this.limits.failureThreshold) this.open(this.limits.baseTimeoutMs);
    }
  }

  private permit(): Permit {
    return { kind: 'permit', generation: this.generation, succeeded: this.succeeded, settled: false };
  }

  private settleProbe(attempt: Attempt): void {
    if (attempt === 'failure') {
      this.open(Math.min(this.pauseMs * 2, this.limits.maxTimeoutMs));
    } else if (attempt === 'success') {
      this.successes += 1;
      if (this.successes >= this.limits.successThreshold) this.enter('closed', 0);
    }
  }

  private open(pauseMs: number): void {
    this.probesAtMs = this.nowMs() + pauseMs;
    this.enter('open', pauseMs);
  }

  /** The pause ends by the clock and not by a timer, so an idle process has none running. */
  private wake(): void {
    if (this.current === 'open' && this.nowMs() >= this.probesAtMs) {
      this.enter('half-open', this.pauseMs);
    }
  }

  private enter(state: BreakerState, pauseMs: number): void {
    this.current = state;
    this.pauseMs = pauseMs;
    this.generation += 1;
    this.failures = 0;
    this.successes = 0;
    this.probes = 0;
    this.onChange(state, pauseMs);
  }
}
