import type { LogRecord, RecordHeaders } from '../chassis/kafka/log';
import { formatPosition, parsePosition } from '../chassis/kafka/log';
import type { DeadLetterRow, LetterActionRow, LetterCommandRow } from '../migrations/tables';
import { originalHeaders, readDeadLetter, readRedrive, subjectOf } from '../schemas/dead-letter';
import type { DomainEvent, LetterEvent } from '../schemas/events';
import { readMetadata } from '../schemas/headers';
import { letterGroup } from '../schemas/letter-group';

/** What a record of `order-dlq` or `dead-letter-commands` says, as rows that later ones never contradict. */
export interface LetterFacts {
  readonly letters: readonly DeadLetterRow[];
  readonly actions: readonly LetterActionRow[];
  readonly commands: readonly LetterCommandRow[];
}

/** Header bytes need not be text, and jsonb holds no NUL: base64 keeps every byte. */
const headersAsBase64 = (headers: RecordHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name.replaceAll('\u0000', ''), Buffer.from(value as string).toString('base64')]],
    ),
  );

const placeOf = (place: {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}): Pick<DeadLetterRow, 'source_topic' | 'source_partition' | 'source_offset'> => ({
  source_topic: place.topic,
  source_partition: place.partition,
  source_offset: place.offset,
});

const nothingDone = {
  effect: null,
  subject: null,
  detail: null,
  acted_at: null,
  offset: null,
  failed_at: null,
  failed_reason: null,
  failed_detail: null,
};

/**
 * A letter is known by the record that failed first. One that was redriven and parked again is that letter still: it
 * adds a failure to the redrive, and no copy. It stands in for the first one should that never have been read.
 * @param event what the bytes say, when they say something
 */
export const letterFacts = (record: LogRecord, event: DomainEvent | undefined): LetterFacts => {
  const letter = readDeadLetter(record);
  const redrive = readRedrive(record.headers);
  const identity = redrive?.letter ?? letter.source;
  const row: DeadLetterRow = {
    ...placeOf(identity),
    partition: record.partition,
    offset: record.offset,
    key: record.key,
    value: record.value,
    headers: headersAsBase64(originalHeaders(record.headers)),
    reason: letter.reason,
    detail: letter.detail,
    consumer: letter.consumer,
    attempts: letter.attempts,
    correlation_id: readMetadata(record).correlation_id,
    failed_at: letter.failedAtMs,
    parked_at: record.appendedAtMs,
    group_id: letterGroup(letter),
    subject: subjectOf(identity.topic, record.key, event) ?? null,
    item_id: event && 'item_id' in event ? event.item_id : null,
    decoded: event ?? null,
    copies: redrive ? 0 : 1,
  };
  if (redrive === undefined) return { letters: [row], actions: [], commands: [] };
  const action: LetterActionRow = {
    ...nothingDone,
    ...placeOf(identity),
    command_id: redrive.commandId,
    failed_at: letter.failedAtMs,
    failed_reason: letter.reason,
    failed_detail: letter.detail,
  };
  return { letters: [row], actions: [action], commands: [] };
};

const placed = (
  letters: readonly string[],
  rest: Omit<LetterActionRow, 'source_topic' | 'source_partition' | 'source_offset'>,
): readonly LetterActionRow[] =>
  letters.flatMap((letter) => {
    const place = parsePosition(letter);
    return place === undefined ? [] : [{ ...placeOf(place), ...rest }];
  });

type Place = Pick<LogRecord, 'offset' | 'appendedAtMs'>;

const redriven = (
  { offset, appendedAtMs }: Place,
  event: Extract<LetterEvent, { type: 'LettersRedriven' }>,
): LetterFacts => ({
  letters: [],
  commands: [],
  actions: event.results.flatMap(({ letter, effect, subject, detail }) =>
    placed([letter], {
      ...nothingDone,
      command_id: event.command_id,
      acted_at: appendedAtMs,
      offset,
      effect,
      subject,
      detail,
    }),
  ),
});

/** @param event of `dead-letter-commands` */
export const commandFacts = (place: Place, event: LetterEvent): LetterFacts => {
  const { offset, appendedAtMs } = place;
  const none = { letters: [], actions: [] };
  const command = { rate_per_second: null, note: null, ordered_at: appendedAtMs, offset };
  switch (event.type) {
    case 'LettersPlanned': {
      const { plan_id: command_id, letters, actor } = event;
      return {
        ...none,
        commands: [{ ...command, command_id, kind: 'PLAN', letters: letters.length, actor }],
      };
    }
    case 'RedriveOrdered': {
      const { command_id, letters, actor, note, rate_per_second } = event;
      const row = {
        command_id,
        kind: 'REDRIVE',
        letters: letters.length,
        actor,
        note,
        rate_per_second,
      } as const;
      return { ...none, commands: [{ ...command, ...row }] };
    }
    case 'LettersRedriven':
      return redriven(place, event);
    case 'LettersDiscarded': {
      const { command_id, letters, actor, note } = event;
      const row = { command_id, kind: 'DISCARD', letters: letters.length, actor, note } as const;
      const action = {
        ...nothingDone,
        command_id,
        effect: 'DISCARDED',
        detail: note,
        acted_at: appendedAtMs,
      };
      return {
        letters: [],
        commands: [{ ...command, ...row }],
        actions: placed(letters, { ...action, offset }),
      };
    }
  }
};

export const letterIdOf = (
  row: Pick<DeadLetterRow, 'source_topic' | 'source_partition' | 'source_offset'>,
): string =>
  formatPosition({ topic: row.source_topic, partition: row.source_partition, offset: row.source_offset });
