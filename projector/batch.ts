import type { ClientBase } from 'pg';
import type { LogRecord } from '../chassis/kafka/log';
import type { ViewName, ViewSchema } from '../migrations/views/view-shape';

/** Where a view stands in a partition: the row of its offsets table. */
export interface Cursor {
  readonly next: number;
  readonly epoch: number | null;
  readonly voided: number;
  readonly undecodable: number;
  readonly firstAppendedAtMs: number | null;
  readonly appendedAtMs: number | null;
}

/** Something that a record says, with its place. */
export interface Fact {
  readonly record: Pick<LogRecord, 'topic' | 'partition' | 'offset' | 'appendedAtMs'>;
}

/** Consecutive records of one partition, read. */
export interface Reading<F extends Fact> {
  readonly topic: string;
  readonly partition: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly firstAppendedAtMs: number;
  readonly lastAppendedAtMs: number;
  readonly facts: readonly F[];
  /** Offsets of records that say nothing we understand. */
  readonly undecodable: readonly number[];
}

/** A reading, cut so that its first record is the one the cursor waits for. */
export interface Piece<F extends Fact> extends Reading<F> {
  readonly cursor: Cursor;
}

/** A piece after the fold: where the cursor must be, and where it goes. */
export interface CursorMove {
  readonly topic: string;
  readonly partition: number;
  readonly expected: number;
  readonly to: Cursor;
}

/** What a transaction did, for metrics and for those who wait. */
export interface Written {
  /** Orders that became terminal. */
  readonly decided: readonly string[];
  /** Events that changed nothing: copies, and outcomes that the fence made void. */
  readonly setAside: number;
}

/** A batch, folded in memory; nothing has been written. */
export interface FoldedBatch {
  readonly moves: readonly CursorMove[];
  /** Writes the rows inside the caller's transaction, after the cursors were moved in it. */
  write(client: ClientBase, schema: ViewSchema): Promise<Written>;
}

/** One view: which topics it folds, and how. */
export interface Projection<F extends Fact> {
  readonly view: ViewName;
  readonly version: number;
  readonly offsetsTable: string;
  readonly topics: readonly string[];
  /**
   * Reads consecutive records of one partition, at least one.
   * @throws InfrastructureError when something other than a record is to blame.
   */
  read(records: readonly LogRecord[]): Promise<Reading<F>>;
  /** Pure: folds pieces of different partitions together. */
  fold(pieces: readonly Piece<F>[]): FoldedBatch;
}

export const emptyCursor: Cursor = {
  next: 0,
  epoch: null,
  voided: 0,
  undecodable: 0,
  firstAppendedAtMs: null,
  appendedAtMs: null,
};

/** The outline of a reading. @throws RangeError without records. */
export const toReading = <F extends Fact>(
  records: readonly LogRecord[],
  facts: readonly F[],
  undecodable: readonly number[],
): Reading<F> => {
  const first = records[0];
  const last = records.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('A reading needs records.');
  return {
    topic: first.topic,
    partition: first.partition,
    firstOffset: first.offset,
    lastOffset: last.offset,
    firstAppendedAtMs: first.appendedAtMs,
    lastAppendedAtMs: last.appendedAtMs,
    facts,
    undecodable,
  };
};

/** Records are missing between what a view has folded and what it was given: folding on would lose facts in silence. */
export class GapError extends Error {
  override readonly name = 'GapError';
}

/**
 * Cuts off what the view has folded before. `undefined` when nothing is left.
 * @throws GapError when the first record lies beyond the cursor.
 */
export const cutAt = <F extends Fact>(cursor: Cursor, reading: Reading<F>): Piece<F> | undefined => {
  if (reading.firstOffset > cursor.next) {
    throw new GapError(
      `${reading.topic}:${reading.partition} continues at ${reading.firstOffset}, but the view waits for ${cursor.next}`,
    );
  }
  if (reading.lastOffset < cursor.next) return undefined;
  if (reading.firstOffset === cursor.next) return { ...reading, cursor };
  return {
    ...reading,
    cursor,
    firstOffset: cursor.next,
    facts: reading.facts.filter(({ record }) => record.offset >= cursor.next),
    undecodable: reading.undecodable.filter((offset) => offset >= cursor.next),
  };
};

/** The move of a piece's cursor when all of it was folded; `fence` is what the fold made of the epoch. */
export const moveOf = <F extends Fact>(
  piece: Piece<F>,
  fence: Pick<Cursor, 'epoch' | 'voided'> = piece.cursor,
): CursorMove => ({
  topic: piece.topic,
  partition: piece.partition,
  expected: piece.cursor.next,
  to: {
    next: piece.lastOffset + 1,
    epoch: fence.epoch,
    voided: fence.voided,
    undecodable: piece.cursor.undecodable + piece.undecodable.length,
    firstAppendedAtMs: piece.cursor.firstAppendedAtMs ?? piece.firstAppendedAtMs,
    appendedAtMs: piece.lastAppendedAtMs,
  },
});
