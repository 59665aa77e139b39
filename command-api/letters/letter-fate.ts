import type { LetterState } from '../../migrations/letters/letter-filter';
import { openStates } from '../../migrations/letters/letter-filter';
import type { Decoded } from '../../schemas/codec';
import { subjectOf } from '../../schemas/dead-letter';
import type { DomainEvent } from '../../schemas/events';
import { topics } from '../../schemas/topics';

/** A letter with all that decides what a redrive does to it. */
export interface LetterToJudge {
  readonly id: string;
  readonly topic: string;
  readonly key: Buffer | null;
  /** Why it was parked. */
  readonly reason: string;
  readonly state: LetterState;
  /** How often it was redriven before. */
  readonly redrives: number;
  /** What its bytes say now. */
  readonly decoded: Decoded;
}

/** What a redrive does to a letter; also what a dry run predicts. */
export type LetterFate =
  | { readonly effect: 'APPENDED'; readonly subject: string; readonly key: string }
  | {
      readonly effect: 'ALREADY_TERMINAL' | 'FAILED_AGAIN' | 'NOT_OPEN';
      readonly subject: string | null;
      readonly detail: string;
    };

/** A letter that failed this often is not tried again: it is discarded, or its cause is mended first. */
export const redrivesMax = 5;

const eventOf = ({ decoded }: LetterToJudge): DomainEvent | undefined =>
  decoded.kind === 'event' ? decoded.event : undefined;

/** The request_id or command_id that a letter is about, as far as its key and bytes tell now. */
export const subjectNow = (letter: LetterToJudge): string | undefined =>
  subjectOf(letter.topic, letter.key, eventOf(letter));

const failsAgain = (subject: string | undefined, detail: string): LetterFate => ({
  effect: 'FAILED_AGAIN',
  subject: subject ?? null,
  detail,
});

/** Why a record of this topic is never appended by us. */
const notOurs = (topic: string): string =>
  topic === topics.orderOutcomes.name
    ? 'NOT_REDRIVABLE: only the saga writes order-outcomes; the record stands there, and make replay VIEW=orders reads it'
    : `NOT_REDRIVABLE: nothing is redriven to ${topic}`;

const decodedFate = (letter: LetterToJudge, event: DomainEvent, subject: string | undefined): LetterFate => {
  if (subject === undefined) return failsAgain(subject, 'NO_SUBJECT: nobody can tell what it is about');
  if (event.type === 'OrderRequested') {
    if (letter.reason === 'CONFLICT') return failsAgain(subject, 'CONFLICT: the id is another order’s');
    return event.request_id === subject
      ? { effect: 'APPENDED', subject, key: subject }
      : failsAgain(subject, 'KEY_MISMATCH: the event is of another order than its key');
  }
  const key = 'item_id' in event ? event.item_id : null;
  return key === null
    ? failsAgain(subject, `NOT_REDRIVABLE: ${event.type}`)
    : { effect: 'APPENDED', subject, key };
};

/**
 * What becomes of a letter that is redriven. What is decided already changes nothing, so it comes before the question
 * whether the bytes can be read.
 * @param terminal what was decided about the letter's subject, such as FAILED_UNPROCESSABLE; `undefined`: nothing
 */
export const fateOf = (letter: LetterToJudge, terminal: string | undefined): LetterFate => {
  const subject = subjectNow(letter);
  if (!openStates.includes(letter.state)) {
    return { effect: 'NOT_OPEN', subject: subject ?? null, detail: letter.state };
  }
  if (letter.topic !== topics.orderRequests.name && letter.topic !== topics.stockAdjustments.name) {
    return failsAgain(subject, notOurs(letter.topic));
  }
  if (subject !== undefined && terminal !== undefined) {
    return { effect: 'ALREADY_TERMINAL', subject, detail: terminal };
  }
  if (letter.redrives >= redrivesMax) {
    return failsAgain(subject, `REDRIVEN_TOO_OFTEN: ${letter.redrives} times; mend its cause or discard it`);
  }
  switch (letter.decoded.kind) {
    case 'event':
      return decodedFate(letter, letter.decoded.event, subject);
    case 'poison':
      return failsAgain(subject, `${letter.decoded.reason}: ${letter.decoded.detail}`);
    case 'unknown-schema':
      return failsAgain(subject, `UNKNOWN_SCHEMA: schema id ${letter.decoded.schemaId}`);
  }
};
