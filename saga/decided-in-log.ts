import type { LogAdmin, LogReader, LogRecord } from '../chassis/kafka/log';
import { partitionOf } from '../chassis/kafka/partitioner';
import type { EventCodec } from '../schemas/codec';
import { topics } from '../schemas/topics';
import type { Order } from './ports';
import { shareQuestion } from '../chassis/shared-question';
import { isVoid, recordOf } from './stock-fold';
import { payloadText } from './stock/record';

/** What the log says of a key whose record the store may have let expire. */
export type InLog =
  | { readonly kind: 'decided'; readonly samePayload: boolean }
  /** No valid outcome of the key up to this time of the store's clock. */
  | { readonly kind: 'absent'; readonly throughMs: number };

export interface Asked {
  readonly key: string;
  /** Absent: poison, which has no payload that could differ. */
  readonly order: Order | undefined;
}

/** Rule R11: the log remembers what the store has forgotten. */
export interface DecidedInLog {
  /** `storeNowMs` is the store's time when it said that it was unsure. Throws InfrastructureError. */
  lookUp(asked: readonly Asked[], storeNowMs: number): Promise<readonly InLog[]>;
}

interface PartitionIndex {
  next: number;
  newestMarker: number;
  throughMs: number;
  readonly payloads: Map<string, string>;
}

export interface DecidedInLogParts {
  readonly reader: LogReader;
  readonly admin: Pick<LogAdmin, 'ranges'>;
  readonly codec: EventCodec;
  /** An answer may be this old: whatever came later is young enough for the store to remember it. */
  readonly answerAgeMaxMs: number;
}

const topic = topics.orderOutcomes.name;

/**
 * Outcomes of the log by key, read when somebody asks for the first time and read on when the answer gets old. Costs
 * about 150 bytes of memory an order, in sales that last longer than the horizon and in no others.
 */
export const createDecidedInLog = (parts: DecidedInLogParts): DecidedInLog => {
  const { reader, admin, codec } = parts;
  const indexes = new Map<number, PartitionIndex>();
  let wantedThroughMs = 0;

  const indexOf = (partition: number): PartitionIndex => {
    const known = indexes.get(partition);
    if (known) return known;
    const index = { next: 0, newestMarker: -1, throughMs: 0, payloads: new Map<string, string>() };
    indexes.set(partition, index);
    return index;
  };

  const take = (record: LogRecord): void => {
    const index = indexOf(record.partition);
    index.next = record.offset + 1;
    const decoded = codec.decode(topic, record.value);
    if (decoded.kind !== 'event') return;
    const { event } = decoded;
    if (event.type === 'EpochStarted') index.newestMarker = Math.max(index.newestMarker, event.epoch);
    if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed') return;
    if (isVoid(event, index.newestMarker) || index.payloads.has(event.request_id)) return;
    index.payloads.set(event.request_id, payloadText(recordOf(event).order));
  };

  const onRecords = async (records: readonly LogRecord[]): Promise<void> => {
    for (const record of records) {
      const decoded = codec.decode(topic, record.value);
      if (decoded.kind === 'unknown-schema') await codec.learn(decoded.schemaId);
      take(record);
    }
  };

  const readOn = shareQuestion(async () => {
    const throughMs = wantedThroughMs;
    const ranges = await admin.ranges(topic);
    const from = new Map(
      ranges.map(({ partition, low }) => [partition, Math.max(low, indexOf(partition).next)]),
    );
    const to = new Map(ranges.map(({ partition, high }) => [partition, high]));
    await reader.read({ topic, from, to, onRecords, withHeaders: false });
    for (const { partition } of ranges) indexOf(partition).throughMs = throughMs;
  });

  const isOld = (storeNowMs: number): boolean =>
    indexes.size === 0 ||
    [...indexes.values()].some(({ throughMs }) => storeNowMs - throughMs > parts.answerAgeMaxMs);

  return {
    lookUp: async (asked, storeNowMs) => {
      wantedThroughMs = Math.max(wantedThroughMs, storeNowMs);
      if (isOld(storeNowMs)) await readOn();
      return asked.map(({ key, order }): InLog => {
        const index = indexOf(partitionOf(key, indexes.size));
        const payload = index.payloads.get(key);
        if (payload === undefined) return { kind: 'absent', throughMs: index.throughMs };
        return { kind: 'decided', samePayload: order === undefined || payload === payloadText(order) };
      });
    },
  };
};
