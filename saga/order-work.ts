import type { LogRecord } from '../chassis/kafka/log';
import type { EventCodec } from '../schemas/codec';
import { takeIn, type BurialReason } from './intake';
import type { DecideRequest, Order } from './ports';
import { requestedAtMs } from './postponed';
import { payloadText } from './stock/record';

/** One key of a chunk on its way to its outcome. */
export interface OrderWork {
  /** The first record of the key in this chunk that says this. */
  readonly record: LogRecord;
  readonly key: string | undefined;
  /** Absent: poison. */
  readonly order: Order | undefined;
  readonly appendedAtMs: number;
  /** What must be in the dead-letter topic before anything else is done. */
  burial: { readonly reason: BurialReason; readonly detail: string } | undefined;
  absentThroughMs: number;
  stockIsCurrent: boolean;
  isDone: boolean;
}

export const decideRequest = (work: OrderWork, key: string): DecideRequest => ({
  key,
  order: work.order,
  appendedAtMs: work.appendedAtMs,
  absentThroughMs: work.absentThroughMs,
  stockIsCurrent: work.stockIsCurrent,
});

const newWork = (record: LogRecord, key: string | undefined, order: Order | undefined): OrderWork => ({
  record,
  key,
  order,
  appendedAtMs: requestedAtMs(record),
  burial: undefined,
  absentThroughMs: 0,
  stockIsCurrent: false,
  isDone: false,
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
    const intake = await takeIn(codec, record);
    const order = intake.kind === 'order' ? intake.order : undefined;
    const first = order ? firsts.get(order.key) : undefined;
    if (first && payloadText(first.order) === payloadText(order)) {
      workOfRecord.push(first);
      continue;
    }
    const work = newWork(record, intake.kind === 'order' ? intake.order.key : intake.key, order);
    if (intake.kind === 'poison') work.burial = { reason: intake.reason, detail: intake.detail };
    if (order && !first) firsts.set(order.key, work);
    works.push(work);
    workOfRecord.push(work);
  }
  return { works, workOfRecord };
};

/** How many records, counted from the first, are done for good. */
export const donePrefix = ({ workOfRecord }: Chunk): number => {
  const firstOpen = workOfRecord.findIndex((work) => !work.isDone);
  return firstOpen === -1 ? workOfRecord.length : firstOpen;
};
