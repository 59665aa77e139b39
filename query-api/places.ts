/** So many may wait at once, whatever it is that each of them waits for. */
export class Places {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get taken(): number {
    return this.#taken;
  }

  /** False when none is left. Who takes one frees it. */
  take(): boolean {
    if (this.#taken >= this.#max) return false;
    this.#taken += 1;
    return true;
  }

  free(): void {
    this.#taken -= 1;
  }
}
