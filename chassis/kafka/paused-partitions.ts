const pausesMs = [20, 50, 100, 200, 400];

interface Pause {
  readonly failures: number;
  readonly endsAtMs: number;
}

/**
 * Partitions that are left alone for a while because their last attempt failed, each for itself, so that the others go
 * on. The first failure in a row gives 20 ms, the fifth and every later one 400. By name, `topic:partition`; times are
 * milliseconds of one clock.
 */
export class PausedPartitions {
  readonly #pauses = new Map<string, Pause>();

  noteFailure(name: string, nowMs: number): void {
    const failures = (this.#pauses.get(name)?.failures ?? 0) + 1;
    const pauseMs = pausesMs[Math.min(failures, pausesMs.length) - 1] ?? 0;
    this.#pauses.set(name, { failures, endsAtMs: nowMs + pauseMs });
  }

  noteSuccess(name: string): void {
    this.#pauses.delete(name);
  }

  isPaused(name: string, nowMs: number): boolean {
    const pause = this.#pauses.get(name);
    return pause !== undefined && nowMs < pause.endsAtMs;
  }

  /** How long until the next pause ends; `undefined` when none lasts. */
  nextEndMs(nowMs: number): number | undefined {
    let nextMs: number | undefined;
    for (const { endsAtMs } of this.#pauses.values()) {
      if (endsAtMs > nowMs) nextMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, endsAtMs - nowMs);
    }
    return nextMs;
  }
}
