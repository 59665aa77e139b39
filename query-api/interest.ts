/**
 * Whether somebody still waits for an answer. An AbortSignal says the same, but thousands of them that come and go at
 * once cost the collector more than the answers: it holds them weakly and watches each for its end.
 */
export interface Interest {
  readonly isLost: boolean;
  /** Calls `listener` when the interest is lost, at once when it is lost already. */
  onLost(listener: () => void): void;
}

export class ClientInterest implements Interest {
  readonly #listeners: (() => void)[] = [];
  #isLost = false;

  get isLost(): boolean {
    return this.#isLost;
  }

  onLost(listener: () => void): void {
    if (this.#isLost) listener();
    else this.#listeners.push(listener);
  }

  lose(): void {
    this.#isLost = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}

/** Of somebody who is answered at once. */
export const lasting: Interest = { isLost: false, onLost: () => undefined };
