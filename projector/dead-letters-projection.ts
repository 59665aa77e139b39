import { InfrastructureError, type LogRecord } from '../chassis/kafka/log';
import { viewsToday } from '../migrations/views/today';
import type { EventCodec } from '../schemas/codec';
import { readDeadLetter } from '../schemas/dead-letter';
import { isLetterEvent, type DomainEvent } from '../schemas/events';
import { topics, type TopicName } from '../schemas/topics';
import { moveOf, toReading, type Fact, type Projection } from './batch';
import { commandFacts, letterFacts, type LetterFacts } from './letter-facts';
import { writeLetterFacts } from './letter-store';
import { readRecords, type ReportUndecodable } from './read-records';
import { viewTopics } from './view-topics';

interface LetterFact extends Fact {
  readonly facts: LetterFacts;
}

/**
 * What a letter's bytes say now; most say nothing, which is why they are here. A schema that was unknown then may be
 * known now. The registry is asked once for each id of a batch, and without an answer the letter is shown undecoded: no
 * letter waits for the registry.
 */
const readBytes = async (
  codec: EventCodec,
  record: LogRecord,
  asked: Set<number>,
): Promise<DomainEvent | undefined> => {
  const topic = readDeadLetter(record).source.topic as TopicName;
  const decoded = codec.decode(topic, record.value);
  if (decoded.kind === 'event') return decoded.event;
  if (decoded.kind === 'poison' || asked.has(decoded.schemaId)) return undefined;
  asked.add(decoded.schemaId);
  try {
    await codec.learn(decoded.schemaId);
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
  }
  const again = codec.decode(topic, record.value);
  return again.kind === 'event' ? again.event : undefined;
};

const readLetters = async (
  codec: EventCodec,
  records: readonly LogRecord[],
): Promise<readonly LetterFact[]> => {
  const asked = new Set<number>();
  const read: LetterFact[] = [];
  for (const record of records) {
    read.push({ record, facts: letterFacts(record, await readBytes(codec, record, asked)) });
  }
  return read;
};

/** What could not be processed, what operators did about it, and what came of that. */
export const createDeadLettersProjection = (
  codec: EventCodec,
  report: ReportUndecodable,
): Projection<LetterFact> => ({
  view: 'dead-letters',
  version: viewsToday['dead-letters'].version,
  offsetsTable: viewsToday['dead-letters'].tables[0],
  topics: viewTopics['dead-letters'],
  read: async (records) => {
    if (records[0]?.topic === topics.orderDlq.name) {
      return toReading(records, await readLetters(codec, records), []);
    }
    const { events, undecodable } = await readRecords(codec, records);
    await report(undecodable);
    const facts = events.flatMap(({ record, event }) =>
      isLetterEvent(event) ? [{ record, facts: commandFacts(record, event) }] : [],
    );
    return toReading(
      records,
      facts,
      undecodable.map(({ record }) => record.offset),
    );
  },
  fold: (pieces) => ({
    moves: pieces.map((piece) => moveOf(piece)),
    write: async (client, schema) => {
      await writeLetterFacts(
        client,
        schema,
        pieces.flatMap((piece) => piece.facts.map(({ facts }) => facts)),
      );
      return { decided: [], setAside: 0 };
    },
  }),
});
