import type { LogRecord } from '../chassis/kafka/log';
import { InfrastructureError } from '../chassis/kafka/log';
import {
  cutAt,
  emptyCursor,
  type Cursor,
  type Fact,
  type Piece,
  type Projection,
  type Reading,
  type Written,
} from './batch';
import { beginCursors, cursorKey, readCursors } from './cursors';
import { createGroupCommit, type Waiting } from './group-commit';
import { toInfrastructureError } from './postgres-errors';
import { transact, type TransactionOptions } from './view-transaction';

export interface WrittenBatch {
  readonly records: number;
  readonly seconds: number;
  readonly written: Written;
}

export interface ViewWriterOptions<F extends Fact> extends TransactionOptions {
  readonly projection: Projection<F>;
  /** Most records of one transaction; more would hold locks and memory longer than a reader should wait. */
  readonly recordsMax: number;
  readonly onWritten?: (batch: WrittenBatch) => void;
}

export interface ViewWriter {
  /**
   * Folds consecutive records of one partition into the view; resolves once they are committed, by us or earlier.
   * @throws InfrastructureError to be retried, GapError when records are missing before the first one.
   */
  write(records: readonly LogRecord[]): Promise<void>;
  /** Writes consecutive records of each of several partitions in one transaction of their own. */
  writeTogether(chunks: readonly (readonly LogRecord[])[]): Promise<void>;
  /**
   * The offset the view waits for. Also keeps the partition's cursor, which its first records would ask for otherwise:
   * three questions, 5 to 7 ms in which an order's buyer waits.
   * @throws InfrastructureError when PostgreSQL does not say.
   */
  next(topic: string, partition: number): Promise<number>;
}

/**
 * A commit is half a millisecond of PostgreSQL however few rows it holds. At 1,000 orders a second 20 ms gather 20 of
 * them, and a buyer does not notice.
 */
const commitEveryMs = 20;
/** When cursors move elsewhere this often in a row, somebody else folds the same partitions all the time. */
const attemptsMax = 3;

type Cursors = Map<string, Cursor>;

interface Place {
  readonly topic: string;
  readonly partition: number;
}

const keyOf = ({ topic, partition }: Place): string => cursorKey(topic, partition);

const loadCursors = async <F extends Fact>(
  { pool, projection, schema }: ViewWriterOptions<F>,
  cursors: Cursors,
  places: readonly Place[],
): Promise<void> => {
  if (places.length === 0) return;
  await beginCursors(pool, projection, schema, places);
  const found = await readCursors(pool, projection, schema);
  for (const place of places) cursors.set(keyOf(place), found.get(keyOf(place)) ?? emptyCursor);
};

/** What is kept may be from an earlier tenure: the partition was somebody else's since, who moved the row further. */
const notReached = <F extends Fact>(
  cursors: Cursors,
  batch: readonly Waiting<Reading<F>>[],
): readonly Reading<F>[] =>
  batch
    .map(({ item }) => item)
    .filter((reading) => (cursors.get(keyOf(reading))?.next ?? -1) < reading.firstOffset);

/** Cuts each reading at its cursor; one that leaves a gap fails alone. Returns what is left to settle. */
const cutAll = <F extends Fact>(
  batch: readonly Waiting<Reading<F>>[],
  cursors: Cursors,
): { readonly pieces: readonly Piece<F>[]; readonly left: readonly Waiting<Reading<F>>[] } => {
  const pieces: Piece<F>[] = [];
  const left: Waiting<Reading<F>>[] = [];
  for (const one of batch) {
    try {
      const piece = cutAt(cursors.get(keyOf(one.item)) ?? emptyCursor, one.item);
      if (piece) pieces.push(piece);
      left.push(one);
    } catch (error) {
      one.reject(error);
    }
  }
  return { pieces, left };
};

/** Returns whether the pieces are committed; otherwise somebody else moved a cursor. */
const commitPieces = async <F extends Fact>(
  options: ViewWriterOptions<F>,
  cursors: Cursors,
  pieces: readonly Piece<F>[],
): Promise<boolean> => {
  if (pieces.length === 0) return true;
  const startedAtMs = performance.now();
  const folded = options.projection.fold(pieces);
  const transacted = await transact(options, folded);
  if (transacted.kind === 'elsewhere') return false;
  for (const move of folded.moves) cursors.set(keyOf(move), move.to);
  options.onWritten?.({
    records: folded.moves.reduce((sum, { expected, to }) => sum + to.next - expected, 0),
    seconds: (performance.now() - startedAtMs) / 1000,
    written: transacted.written,
  });
  return true;
};

const commitBatch = async <F extends Fact>(
  options: ViewWriterOptions<F>,
  cursors: Cursors,
  batch: readonly Waiting<Reading<F>>[],
): Promise<void> => {
  let left = batch;
  try {
    for (let attempt = 1; left.length > 0; attempt += 1) {
      await loadCursors(options, cursors, notReached(cursors, left));
      const cut = cutAll(left, cursors);
      left = cut.left;
      if (await commitPieces(options, cursors, cut.pieces)) break;
      cursors.clear();
      if (attempt === attemptsMax) throw new InfrastructureError('somebody else keeps moving our cursors');
    }
    for (const one of left) one.resolve();
  } catch (error) {
    // Whether the commit happened is unknown. The rows know, and are asked before the next batch.
    cursors.clear();
    const reason = toInfrastructureError(error);
    for (const one of left) one.reject(reason);
  }
};

const waitingFor = <T>(item: T): { readonly waiting: Waiting<T>; readonly promise: Promise<void> } => {
  let waiting: Waiting<T> = { item, resolve: () => undefined, reject: () => undefined };
  const promise = new Promise<void>((resolve, reject) => {
    waiting = { item, resolve, reject };
  });
  promise.catch(() => undefined);
  return { waiting, promise };
};

/** Writes one view, one transaction at a time, each with what all partitions have waiting by then. */
export const createViewWriter = <F extends Fact>(options: ViewWriterOptions<F>): ViewWriter => {
  const cursors: Cursors = new Map();
  const submit = createGroupCommit<Reading<F>>({
    keyOf,
    sizeOf: ({ firstOffset, lastOffset }) => lastOffset - firstOffset + 1,
    sizeMax: options.recordsMax,
    everyMs: commitEveryMs,
    commit: (batch) => commitBatch(options, cursors, batch),
  });
  return {
    write: async (records) => {
      if (records.length > 0) await submit(await options.projection.read(records));
    },
    writeTogether: async (chunks) => {
      const filled = chunks.filter((records) => records.length > 0);
      const readings = await Promise.all(filled.map((records) => options.projection.read(records)));
      const settled = readings.map((item) => waitingFor(item));
      await commitBatch(
        options,
        cursors,
        settled.map(({ waiting }) => waiting),
      );
      await Promise.all(settled.map(({ promise }) => promise));
    },
    next: async (topic, partition) => {
      try {
        const place = { topic, partition };
        await loadCursors(options, cursors, [place]);
        return cursors.get(keyOf(place))?.next ?? 0;
      } catch (error) {
        throw toInfrastructureError(error);
      }
    },
  };
};
