/**
 * When the next request may begin: `everyMs` after the last one began, so that what comes meanwhile goes with it, or as
 * soon as somebody hurries it. After a quiet time at once.
 */
export class RequestPace {
  readonly #everyMs: number;
  #beganAtMs = Number.NEGATIVE_INFINITY;
  #hurry: (() => void) | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  noteBegin(): void {
    this.#beganAtMs = performance.now();
  }

  /** One turn of the event loop at least: what it has in hand goes with the request. */
  turn(isUrgent: boolean): Promise<void> {
    const earlyMs = this.#beganAtMs + this.#everyMs - performance.now();
    return new Promise((resolve) => {
      if (earlyMs <= 0 || isUrgent) {
        setImmediate(resolve);
        return;
      }
      const timer = setTimeout(() => this.#hurry?.(), earlyMs);
      this.#hurry = (): void => {
        this.#hurry = undefined;
        clearTimeout(timer);
        setImmediate(resolve);
      };
    });
  }

  /** Ends a wait for the turn. */
  hurry(): void {
    this.#hurry?.();
  }
}
