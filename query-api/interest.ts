import type { IncomingMessage, ServerResponse } from 'node:http';

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

/**
 * Lost when the client is gone before its answer is whole, so that nobody is waited for in vain. Ask before the first
 * `await`: who left before anybody listened is waited for all the same. The request tells it, not the response: one
 * that queues behind another on its connection has a response that never closes. After the answer nobody listens, and
 * telling nobody costs as much as a piece of the answer.
 */
export const interestOf = (request: IncomingMessage, response: ServerResponse): Interest => {
  const interest = new ClientInterest();
  if (request.destroyed) interest.lose();

  request.on('close', () => {
    if (!response.writableFinished) interest.lose();
  });
  return interest;
};

/** Of somebody who is answered at once. */
export const lasting: Interest = { isLost: false, onLost: () => undefined };
