import type { LogAdmin, LogReader, LogRecord } from '../../chassis/kafka/log';
import type { EventCodec } from '../../schemas/codec';
import { decodeOrLearn } from '../../schemas/decode-or-learn';
import { readDigest } from '../../schemas/command-digest';
import { isLetterEvent, type LetterEvent, type RedriveOrdered } from '../../schemas/events';
import { topics } from '../../schemas/topics';

export interface LedgerEntry {
  readonly kind: 'redrive' | 'discard';
  readonly letters: number;
  /** Of what was asked for; absent in a log of an older release. */
  readonly digest: string | undefined;
}

/** A redrive that is not carried out to its end. */
export interface OpenRedrive {
  readonly order: RedriveOrdered;
  /** Letters whose result is in the log. */
  readonly done: Set<string>;
}

/** Lists of up to 10,000 ids are kept for this many dry runs; an older plan is made anew. */
const plansMax = 100;

/**
 * Every command on dead letters, folded from its topic: what was ordered, and what of it is done. The first of two
 * with one command_id counts. There is nothing in here that the log does not hold.
 */
export class LetterLedger {
  readonly #parts: { readonly reader: LogReader; readonly admin: LogAdmin; readonly codec: EventCodec };
  readonly #plans = new Map<string, readonly string[]>();
  readonly #entries = new Map<string, LedgerEntry>();
  readonly #open = new Map<string, OpenRedrive>();
  #next = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: { readonly reader: LogReader; readonly admin: LogAdmin; readonly codec: EventCodec }) {
    this.#parts = parts;
  }

  /** Reads to the end of the topic as it is now. @throws InfrastructureError when Kafka or the registry does not answer. */
  catchUp(): Promise<void> {
    const reading = this.#reading.catch(() => undefined).then(() => this.#readOn());
    this.#reading = reading;
    return reading;
  }

  plan(planId: string): readonly string[] | undefined {
    return this.#plans.get(planId);
  }

  find(commandId: string): LedgerEntry | undefined {
    return this.#entries.get(commandId);
  }

  /** Oldest first. */
  open(): readonly OpenRedrive[] {
    return [...this.#open.values()];
  }

  async #readOn(): Promise<void> {
    const { reader, admin } = this.#parts;
    const topic = topics.deadLetterCommands.name;
    const [range] = await admin.ranges(topic);
    if (range === undefined || range.high <= this.#next) return;
    await reader.read({
      topic,
      from: new Map([[0, Math.max(range.low, this.#next)]]),
      to: new Map([[0, range.high]]),
      onRecords: async (records) => {
        for (const record of records) await this.#take(record);
      },
    });
  }

  async #take(record: LogRecord): Promise<void> {
    const { codec } = this.#parts;
    const decoded = await decodeOrLearn(codec, topics.deadLetterCommands.name, record.value);
    if (decoded.kind === 'event' && isLetterEvent(decoded.event)) {
      this.#apply(decoded.event, readDigest(record.headers));
    }
    this.#next = record.offset + 1;
  }

  #apply(event: LetterEvent, digest: string | undefined): void {
    switch (event.type) {
      case 'LettersPlanned':
        this.#keepPlan(event.plan_id, event.letters);
        return;
      case 'RedriveOrdered':
        if (this.#entries.has(event.command_id)) return;
        this.#entries.set(event.command_id, { kind: 'redrive', letters: event.letters.length, digest });
        this.#open.set(event.command_id, { order: event, done: new Set() });
        return;
      case 'LettersDiscarded':
        if (this.#entries.has(event.command_id)) return;
        this.#entries.set(event.command_id, { kind: 'discard', letters: event.letters.length, digest });
        return;
      case 'LettersRedriven': {
        const redrive = this.#open.get(event.command_id);
        if (redrive === undefined) return;
        for (const { letter } of event.results) redrive.done.add(letter);
        if (redrive.done.size >= redrive.order.letters.length) this.#open.delete(event.command_id);
      }
    }
  }

  #keepPlan(planId: string, letters: readonly string[]): void {
    if (this.#plans.has(planId)) return;
    this.#plans.set(planId, letters);
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > plansMax && oldest !== undefined) this.#plans.delete(oldest);
  }
}
