import type { KafkaLogger } from './connection';

type Fields = Readonly<Record<string, unknown>>;

const sayEveryMs = 60_000;

/** A trouble in the log: when it begins, about once a minute while it lasts, and when it is over. */
export class LastingTrouble {
  readonly #logger: KafkaLogger;
  readonly #message: string;
  readonly #fields: Fields;
  #times = 0;
  #beganAtMs = 0;
  #saidAtMs = 0;

  /** `fields` say where, in each of its lines. */
  constructor(logger: KafkaLogger, message: string, fields: Fields = {}) {
    this.#logger = logger;
    this.#message = message;
    this.#fields = fields;
  }

  note(error: Error, fields: Fields = {}): void {
    const nowMs = performance.now();
    this.#times += 1;
    if (this.#times === 1) this.#beganAtMs = nowMs;
    else if (nowMs - this.#saidAtMs < sayEveryMs) return;
    this.#saidAtMs = nowMs;
    this.#logger.warn(this.#message, { ...this.#fields, ...fields, ...this.#extent(), error });
  }

  over(): void {
    if (this.#times === 0) return;
    this.#logger.info(`over: ${this.#message}`, { ...this.#fields, ...this.#extent() });
    this.#times = 0;
  }

  #extent(): Fields {
    return { times: this.#times, forMs: Math.round(performance.now() - this.#beganAtMs) };
  }
}
