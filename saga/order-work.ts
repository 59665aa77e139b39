import type { LogRecord } from '../chassis/kafka/log';
import type { Span } from '../chassis/tracing';
import type { EventCodec } from '../schemas/codec';
import type { TopicName } from '../schemas/topics';
import { intakeOf, takeIn, type BurialReason } from './intake';
import type { DecideRequest, Order } from './ports';
import { requestedAtMs, wasPostponed } from '../schemas/postponed-order';
import { payloadText } from './stock/record';

/** One key of a chunk on its way to its outcome. */
export interface OrderWork {
  /** The first record of the key in this chunk that says this. */
  readonly record: LogRecord;
  /** Later records of the chunk that say the same: they share the work's fate. */
  readonly repeats: LogRecord[];
  readonly key: string | undefined;
  /** Absent: poison. */
  readonly order: Order | undefined;
  readonly appendedAtMs: number;
  /** What must be in the dead-letter topic before anything else is done. */
  burial: { readonly reason: BurialReason; readonly detail: string } | undefined;
  absentThroughMs: number;
  stockIsCurrent: boolean;
  /** Whether its item was on sale at `appendedAtMs`: a fact of the log, so it is the same whenever it is looked up. */
  isOffSale: boolean;
  isDone: boolean;
  /** Of the call that has the record now; absent when its trace is not sampled. */
  span: Span | undefined;
}

export const decideRequest = (work: OrderWork, key: string): DecideRequest => ({
  key,
  order: work.order,
  appendedAtMs: work.appendedAtMs,
  absentThroughMs: work.absentThroughMs,
  stockIsCurrent: work.stockIsCurrent,
  isOffSale: work.isOffSale,
});

const newWork = (record: LogRecord, key: string | undefined, order: Order | undefined): OrderWork => ({
  record,
  repeats: [],
  key,
  order,
  appendedAtMs: requestedAtMs(record),
  burial: undefined,
  absentThroughMs: 0,
  stockIsCurrent: false,
  isOffSale: false,
  isDone: false,
  span: undefined,
});

/** A chunk of records as work, and for each record the work it waits for. */
export interface Chunk {
  readonly works: readonly OrderWork[];
  readonly workOfRecord: readonly OrderWork[];
}

/** Reads a chunk. A record that repeats an order of the same chunk waits for the first one's end. */
export const readChunk = async (codec: EventCodec, records: readonly LogRecord[]): Promise<Chunk> => {
  const works: OrderWork[] = [];
  const workOfRecord: OrderWork[] = [];
  const firsts = new Map<string, OrderWork>();
  for (const record of records) {
    const decoded = codec.decode(record.topic as TopicName, record.value);
    /** Nearly no record has to wait, and a promise less is 1 µs an order. */
    const intake =
      decoded.kind === 'unknown-schema' ? await takeIn(codec, record) : intakeOf(record, decoded);
    const { key, order } = intake;
    const first = order ? firsts.get(order.key) : undefined;
    if (first && payloadText(first.order) === payloadText(order)) {
      first.repeats.push(record);
      workOfRecord.push(first);
      continue;
    }
    const work = newWork(record, key, order);
    /** What waits in payment-retries was buried before it was postponed. */
    if (intake.kind === 'poison' && !wasPostponed(record))
      work.burial = { reason: intake.reason, detail: intake.detail };
    if (order && !first) firsts.set(order.key, work);
    works.push(work);
    workOfRecord.push(work);
  }
  return { works, workOfRecord };
};

/**
 * The open works that may go on: one per key, the oldest. What comes first under a key defines the order, so a later
 * record of the key must not overtake one that still waits for its item's stock or its dead letter.
 */
export const nextWorks = ({ works }: Chunk): readonly OrderWork[] => {
  const keys = new Set<string>();
  return works.filter((work) => {
    if (work.isDone) return false;
    if (work.key === undefined) return true;
    const isFirst = !keys.has(work.key);
    keys.add(work.key);
    return isFirst;
  });
};

/** How many records, counted from the first, are done for good. */
export const donePrefix = ({ workOfRecord }: Chunk): number => {
  const firstOpen = workOfRecord.findIndex((work) => !work.isDone);
  return firstOpen === -1 ? workOfRecord.length : firstOpen;
};
