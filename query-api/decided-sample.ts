/** More keys than this say nothing more about a second's percentiles, and cost a lookup each. */
const keysMax = 300;

/** Keys of orders that were decided lately: the first few hundred since they were taken last. */
export class DecidedSample {
  #keys: string[] = [];

  add(keys: readonly string[]): void {
    const free = keysMax - this.#keys.length;
    if (free > 0) this.#keys.push(...keys.slice(0, free));
  }

  take(): readonly string[] {
    const keys = this.#keys;
    this.#keys = [];
    return keys;
  }
}
