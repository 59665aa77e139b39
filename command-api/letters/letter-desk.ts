import type { Pool } from 'pg';
import type { LogAdmin, LogProducer, NewRecord } from '../../chassis/kafka/log';
import { formatPosition } from '../../chassis/kafka/log';
import { ProblemError, type Problem } from '../../chassis/http/problem';
import { openStates } from '../../migrations/letters/letter-filter';
import type { EventCodec } from '../../schemas/codec';
import { isOtherCommand, toDigestHeader } from '../../schemas/command-digest';
import { eventIdOf, uuidV5 } from '../../schemas/event-id';
import type { LetterEvent, LettersDiscarded, LettersPlanned, RedriveOrdered } from '../../schemas/events';
import { toRecord } from '../../schemas/new-record';
import { topics } from '../../schemas/topics';
import { payloadMismatch, unavailable } from '../buy';
import type { CommandPath } from '../command-path';
import { firstAnswerOf } from '../first-answer';
import type { LetterCommand } from './letter-command';
import type { LetterLedger } from './letter-ledger';
import { judgeLetters, lettersAtOnce, selectLetters, statesOf } from './letter-source';

export interface LetterDeskParts {
  readonly db: Pool;
  readonly codec: EventCodec;
  readonly admin: Pick<LogAdmin, 'ends'>;
  readonly producer: Pick<LogProducer, 'send'>;
  readonly path: CommandPath;
  readonly ledger: LetterLedger;
  readonly saleId: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Called when a redrive is in the log. */
  readonly onOrdered: () => void;
}

export interface Trace {
  readonly correlationId: string;
  readonly traceparent: string;
}

/** What a dry run answers: the list is frozen under `plan_id`, and nothing else has happened. */
export interface PlanAnswer {
  readonly status: 'PLANNED';
  readonly plan_id: string;
  readonly letters: number;
  /** By what a redrive would do: redriven, already_terminal, fails_again, not_open. */
  readonly predicted: Readonly<Record<PredictedClass, number>>;
  /** Some of each class. */
  readonly samples: Readonly<
    Record<PredictedClass, readonly { readonly id: string; readonly detail: string | null }[]>
  >;
}

export interface OrderedAnswer {
  readonly commandId: string;
  readonly correlationId: string;
  readonly letters: number;
  readonly position: string | null;
  readonly isReplayed: boolean;
}

const classes = {
  APPENDED: 'redriven',
  ALREADY_TERMINAL: 'already_terminal',
  FAILED_AGAIN: 'fails_again',
  NOT_OPEN: 'not_open',
} as const;
type PredictedClass = (typeof classes)[keyof typeof classes];

const samplesMax = 5;

const planNotFound: Problem = {
  status: 404,
  error: 'PLAN_NOT_FOUND',
  title: 'There is no such plan',
  detail: 'The last hundred dry runs are kept. Make a new one.',
};

const noLetters: Problem = {
  status: 422,
  error: 'NO_LETTERS',
  title: 'No open letter is selected',
  detail: 'Only letters that are PARKED or FAILED_AGAIN can be redriven or discarded.',
};

const lettersNotFound = (ids: readonly string[]): Problem => ({
  status: 422,
  error: 'LETTERS_NOT_FOUND',
  title: 'Some letters do not exist',
  errors: ids.slice(0, 20).map((id) => ({ field: 'ids', message: `${id} is no dead letter` })),
});

/** Takes operators' commands on dead letters. Every answer of success stands on an event that Kafka acknowledged. */
export class LetterDesk {
  readonly #parts: LetterDeskParts;

  constructor(parts: LetterDeskParts) {
    this.#parts = parts;
  }

  /** Freezes the list in the log and predicts what a redrive does to each letter. A repeat finds the same list. */
  async plan(command: LetterCommand, trace: Trace): Promise<PlanAnswer> {
    const { ledger, producer, clock } = this.#parts;
    await ledger.catchUp();
    const planId = uuidV5(`${command.commandId}:plan:${command.payload}`);
    if (ledger.plan(planId) === undefined) {
      const letters = await this.#select(command);
      const event: LettersPlanned = {
        type: 'LettersPlanned',
        plan_id: planId,
        letters,
        actor: command.actor,
        planned_at: clock(),
      };
      const outcome = await producer.send(this.#record(event, trace));
      if (outcome.kind !== 'acked') throw new ProblemError(unavailable('unknown', 1_000));
      await ledger.catchUp();
    }
    return this.#predict(planId, ledger.plan(planId) ?? []);
  }

  /** Puts the order to redrive into the log, with its whole list, or the discard itself. */
  async order(command: LetterCommand, trace: Trace): Promise<OrderedAnswer> {
    const { ledger, onOrdered } = this.#parts;
    await ledger.catchUp();
    const known = ledger.find(command.commandId);
    const answer = { commandId: command.commandId, correlationId: trace.correlationId };
    if (known) {
      const isOther = known.kind !== command.verb || isOtherCommand(known.digest, command.payload);
      if (isOther) throw new ProblemError(payloadMismatch);
      return { ...answer, letters: known.letters, position: null, isReplayed: true };
    }
    const letters = await this.#open(await this.#select(command));
    if (letters.length === 0) throw new ProblemError(noLetters);
    const event = await this.#eventOf(command, letters);
    const submitted = await this.#parts.path.submit({
      claim: {
        recordKey: `{${this.#parts.saleId}}:command:${command.commandId}`,
        payload: command.payload,
        correlationId: trace.correlationId,
      },
      record: this.#recordOfCommand(command, event, trace),
    });
    const { first, replayed } = firstAnswerOf(submitted);
    onOrdered();
    return {
      ...answer,
      letters: letters.length,
      position: formatPosition(first.position),
      isReplayed: replayed,
    };
  }

  async #select({ selection, limit }: LetterCommand): Promise<readonly string[]> {
    const { db, ledger } = this.#parts;
    switch (selection.kind) {
      case 'plan': {
        const letters = ledger.plan(selection.planId);
        if (letters === undefined) throw new ProblemError(planNotFound);
        return letters.slice(0, limit);
      }
      case 'ids': {
        const states = await statesOf(db, selection.ids);
        const missing = selection.ids.filter((id) => !states.has(id));
        if (missing.length > 0) throw new ProblemError(lettersNotFound(missing));
        return selection.ids.slice(0, limit);
      }
      case 'filter':
        return selectLetters(db, selection.filter, limit);
    }
  }

  async #open(letters: readonly string[]): Promise<readonly string[]> {
    const states = await statesOf(this.#parts.db, letters);
    return letters.filter((id) => {
      const state = states.get(id);
      return state !== undefined && openStates.includes(state);
    });
  }

  async #eventOf(
    command: LetterCommand,
    letters: readonly string[],
  ): Promise<RedriveOrdered | LettersDiscarded> {
    const { clock } = this.#parts;
    const common = { command_id: command.commandId, letters, actor: command.actor };
    if (command.verb === 'discard') {
      return { type: 'LettersDiscarded', ...common, note: command.note ?? '', discarded_at: clock() };
    }
    return {
      type: 'RedriveOrdered',
      ...common,
      rate_per_second: command.ratePerSecond,
      log_ends: await this.#logEnds(),
      note: command.note,
      ordered_at: clock(),
    };
  }

  async #logEnds(): Promise<readonly string[]> {
    const { admin } = this.#parts;
    const names = [topics.orderRequests.name, topics.stockAdjustments.name];
    const ends = await Promise.all(
      names.map(async (topic) =>
        (await admin.ends(topic)).map((offset, partition) => formatPosition({ topic, partition, offset })),
      ),
    );
    return ends.flat();
  }

  #recordOfCommand(command: LetterCommand, event: LetterEvent, trace: Trace): NewRecord {
    const record = this.#record(event, trace);
    return { ...record, headers: { ...record.headers, ...toDigestHeader(command.payload) } };
  }

  #record(event: LetterEvent, trace: Trace): NewRecord {
    return toRecord(this.#parts.codec, topics.deadLetterCommands.name, event, {
      event_id: eventIdOf(event),
      correlation_id: trace.correlationId,
      causation_id: trace.correlationId,
      source: 'command-api',
      traceparent: trace.traceparent,
    });
  }

  async #predict(planId: string, letters: readonly string[]): Promise<PlanAnswer> {
    const predicted = { redriven: 0, already_terminal: 0, fails_again: 0, not_open: 0 };
    const samples: Record<PredictedClass, { readonly id: string; readonly detail: string | null }[]> = {
      redriven: [],
      already_terminal: [],
      fails_again: [],
      not_open: [],
    };
    for (let at = 0; at < letters.length; at += lettersAtOnce) {
      for (const { id, fate } of await judgeLetters(this.#parts, letters.slice(at, at + lettersAtOnce))) {
        const name = classes[fate.effect];
        predicted[name] += 1;
        const detail = fate.effect === 'APPENDED' ? null : fate.detail;
        if (samples[name].length < samplesMax) samples[name].push({ id, detail });
      }
    }
    return { status: 'PLANNED', plan_id: planId, letters: letters.length, predicted, samples };
  }
}
