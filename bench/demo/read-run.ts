import type { LogReader, LogRecord } from '../../chassis/kafka/log';
import type { Decoded, EventCodec } from '../../schemas/codec';
import type { DomainEvent, OrderOutcome } from '../../schemas/events';
import { topics, type TopicName } from '../../schemas/topics';
import type { LoggedRun } from './invariants';

/** Reads a topic to its end and hands every record that decodes over, in log order within a partition. */
const readEvents = async (
  reader: LogReader,
  codec: EventCodec,
  topic: TopicName,
  onEvent: (event: DomainEvent, record: LogRecord) => void,
): Promise<void> => {
  await reader.read({
    topic,
    onRecords: async (records) => {
      for (const record of records) {
        const decoded = await decodeKnown(codec, topic, record);
        if (decoded.kind === 'event') onEvent(decoded.event, record);
      }
    },
  });
};

const decodeKnown = async (codec: EventCodec, topic: TopicName, record: LogRecord): Promise<Decoded> => {
  const decoded = codec.decode(topic, record.value);
  if (decoded.kind !== 'unknown-schema') return decoded;
  await codec.learn(decoded.schemaId);
  return codec.decode(topic, record.value);
};

const isOfRun = (requestId: string, runId: string): boolean => requestId.startsWith(`${runId}-`);

/**
 * The demo's own fold of the log, written apart from the projector's so that a mistake there cannot hide itself:
 * an outcome whose epoch is older than the last marker before it in its partition is void.
 */
export const readRun = async (reader: LogReader, codec: EventCodec, runId: string): Promise<LoggedRun> => {
  const requests = new Map<string, LoggedRun['requests'][number]>();
  const outcomes: OrderOutcome[] = [];
  const fences = new Map<number, number>();
  let deadLetters = 0;
  await readEvents(reader, codec, topics.orderRequests.name, (event) => {
    if (event.type !== 'OrderRequested' || !isOfRun(event.request_id, runId)) return;
    if (!requests.has(event.request_id)) requests.set(event.request_id, event);
  });
  await readEvents(reader, codec, topics.orderOutcomes.name, (event, { partition }) => {
    const fence = fences.get(partition) ?? -1;
    if (event.type === 'EpochStarted') fences.set(partition, Math.max(fence, event.epoch));
    if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed') return;
    if (event.epoch >= fence && isOfRun(event.request_id, runId)) outcomes.push(event);
  });
  await reader.read({
    topic: topics.orderDlq.name,
    onRecords: (records) => {
      deadLetters += records.filter(({ key }) => isOfRun(key?.toString('utf8') ?? '', runId)).length;
    },
  });
  return { requests: [...requests.values()], outcomes, deadLetters };
};
