import { formatPosition, parsePosition, type LogReader, type LogRecord } from '../../chassis/kafka/log';
import type { EventCodec } from '../../schemas/codec';
import { readRedrive, subjectOf } from '../../schemas/dead-letter';
import type { RedriveOrdered } from '../../schemas/events';
import { topics, type TopicName } from '../../schemas/topics';

interface Parts {
  readonly codec: Pick<EventCodec, 'decode'>;
  readonly reader: LogReader;
}

const redrivenTopics = [topics.orderRequests.name, topics.stockAdjustments.name];

/**
 * What of one command stands in the topics that letters are redriven to. Each look goes on where the last one ended: at
 * thousands of orders a second a look from the command's own place would be longer with each try.
 */
export class RedrivenRecords {
  readonly #parts: Parts;
  readonly #commandId: string;
  readonly #next = new Map<string, Map<number, number>>();
  readonly #subjects = new Map<string, string | null>();

  constructor(parts: Parts, { command_id, log_ends }: Pick<RedriveOrdered, 'command_id' | 'log_ends'>) {
    this.#parts = parts;
    this.#commandId = command_id;
    const ends = log_ends.flatMap((text) => parsePosition(text) ?? []);
    for (const name of redrivenTopics) {
      const own = ends.filter(({ topic }) => topic === name);
      this.#next.set(name, new Map(own.map(({ partition, offset }) => [partition, offset])));
    }
  }

  /** Letters that were appended up to now, each with what it is about. @throws InfrastructureError */
  async find(): Promise<ReadonlyMap<string, string | null>> {
    for (const [topic, next] of this.#next) {
      await this.#parts.reader.read({
        topic,
        from: new Map(next),
        onRecords: (records) => {
          for (const record of records) {
            this.#note(record);
            next.set(record.partition, record.offset + 1);
          }
        },
      });
    }
    return this.#subjects;
  }

  #note(record: LogRecord): void {
    const redrive = readRedrive(record.headers);
    if (redrive?.commandId !== this.#commandId) return;
    const topic = record.topic as TopicName;
    const decoded = this.#parts.codec.decode(topic, record.value);
    const event = decoded.kind === 'event' ? decoded.event : undefined;
    this.#subjects.set(formatPosition(redrive.letter), subjectOf(topic, record.key, event) ?? null);
  }
}
