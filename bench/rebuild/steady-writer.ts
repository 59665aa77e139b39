import { pause } from '../../chassis/deadline';
import type { LogProducer, NewRecord } from '../../chassis/kafka/log';
import type { EventCodec } from '../../schemas/codec';
import type { Appended } from './accepted';
import { append, outcomeOf, requestOf } from '../order-events';

const tickMs = 20;
/** About what a saga with a quick payment provider takes. */
const decidedAfterMs = 200;

interface Undecided {
  readonly number: number;
  readonly dueAtMs: number;
}

/** Writes orders at a steady pace as the services do, a request first and its outcome a little later. */
export class SteadyWriter {
  readonly #producer: LogProducer;
  readonly #codec: EventCodec;
  readonly #perSecond: number;
  readonly #stopped = new AbortController();
  readonly #first: number;
  readonly #onAccepted: (appended: readonly Appended[]) => Promise<void>;
  #next: number;
  #undecided: Undecided[] = [];
  #work: Promise<void> | undefined;

  constructor(options: {
    readonly producer: LogProducer;
    readonly codec: EventCodec;
    readonly perSecond: number;
    /** The number of the first order. */
    readonly from: number;
    /** Gets the requests once they are in the log, before anybody else hears of them. */
    readonly onAccepted: (appended: readonly Appended[]) => Promise<void>;
  }) {
    this.#producer = options.producer;
    this.#codec = options.codec;
    this.#perSecond = options.perSecond;
    this.#first = options.from;
    this.#next = options.from;
    this.#onAccepted = options.onAccepted;
  }

  /** Orders below this number have their request in the log. */
  get end(): number {
    return this.#next;
  }

  start(): void {
    this.#work = this.#write();
  }

  /** Ends the writing once every order has its outcome. @throws when a record was not acknowledged. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#work;
  }

  async #write(): Promise<void> {
    const startedAtMs = performance.now();
    while (!this.#stopped.signal.aborted || this.#undecided.length > 0) {
      const nowMs = performance.now();
      const due = this.#first + Math.floor(((nowMs - startedAtMs) / 1000) * this.#perSecond);
      const requested: number[] = [];
      while (this.#next + requested.length < due && !this.#stopped.signal.aborted) {
        requested.push(this.#next + requested.length);
      }
      const requests = requested.map((number) => requestOf(this.#codec, number));
      const places = await append(this.#producer, [...requests, ...this.#outcomesDue(nowMs)]);
      await this.#onAccepted(requested.map((number, at) => ({ number, ...places[at]! })));
      for (const number of requested) this.#undecided.push({ number, dueAtMs: nowMs + decidedAfterMs });
      this.#next += requested.length;
      await pause(tickMs);
    }
  }

  #outcomesDue(nowMs: number): NewRecord[] {
    const due = this.#undecided.filter(({ dueAtMs }) => dueAtMs <= nowMs);
    this.#undecided = this.#undecided.filter(({ dueAtMs }) => dueAtMs > nowMs);
    return due.map(({ number }) => outcomeOf(this.#codec, number));
  }
}
