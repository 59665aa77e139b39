import { InfrastructureError } from '../chassis/kafka/log';
import type { Log } from '../chassis/log';
import type { OrderOutcome } from '../schemas/events';
import { OutcomeIndex, type IndexProgress, type OutcomeIndexParts, type Places } from './outcome-index';
import { placeOf, readOutcomesAt, type OutcomesAt, type OutcomesAtParts } from './outcomes-at';
import type { Order } from './ports';
import { isVoid, recordOf } from './stock-fold';
import { payloadText } from './stock/record';

/** What the log says of a key whose record the store may have let expire. */
export type InLog =
  | { readonly kind: 'decided'; readonly samePayload: boolean }
  /** No valid outcome of the key up to this time of the store's clock. */
  | { readonly kind: 'absent'; readonly throughMs: number }
  /** There was no time to read it: ask again. */
  | { readonly kind: 'unread' };

export interface Asked {
  readonly key: string;
  /** Absent: poison, which has no payload that could differ. */
  readonly order: Order | undefined;
}

/**
 * Rule R11: the log remembers what the store has forgotten. A buyer may send a request_id again after the store has let
 * its record expire; the request is young then, and only the log can tell that it has its outcome.
 */
export interface DecidedInLog {
  /**
   * Up to when the log certainly holds no outcome of the key, as far as it is read; 0 when that is not known. Asks
   * nobody: with it a new order is decided by one call of the store.
   */
  absentThroughMs(key: string): number;
  /**
   * `storeNowMs` is the store's time when it said that it was unsure.
   * @throws InfrastructureError when the log does not answer, or is not read so far within 2 s; the reading goes on.
   */
  lookUp(asked: readonly Asked[], storeNowMs: number): Promise<readonly InLog[]>;
  /** Keeps the index near the end of the log, from when the store may soon forget something until the signal aborts. */
  keepReading(): Promise<void>;
  progress(): IndexProgress;
}

export interface DecidedInLogParts extends Omit<OutcomeIndexParts, 'onRead'>, OutcomesAtParts {
  /** An answer may be this old: whatever came later is young enough for the store to remember it. */
  readonly answerAgeMaxMs: number;
  /** Only says when reading is due; nothing is decided by it. */
  readonly wallClockMs: () => number;
  readonly log: Log;
}

/** A handler that waits longer hands its partition back to the consumer, which tries again and calls that no stall. */
const waitMaxMs = 2_000;
const retryMs = 1_000;
/** A thousand orders a second are 600,000 by then: about a second of reading. */
const readEveryMs = 600_000;
const sayEveryMs = 5_000;

/** Says how far a long read is. */
const sayProgress = ({ log, clock }: DecidedInLogParts): ((progress: IndexProgress) => void) => {
  let saidAtMs = clock.nowMs();
  return ({ read, total }) => {
    if (clock.nowMs() - saidAtMs < sayEveryMs || read >= total) return;
    saidAtMs = clock.nowMs();
    log.info(`reading where the outcomes are: ${read} of ${total}`, { event: 'outcomes_read', read, total });
  };
};

/** @throws InfrastructureError when the log cannot be read so far within 2 s. */
const readThrough = async (
  { clock, answerAgeMaxMs }: DecidedInLogParts,
  index: OutcomeIndex,
  storeNowMs: number,
): Promise<void> => {
  if (storeNowMs - index.throughMs() <= answerAgeMaxMs) return;
  index.noteStoreTime(storeNowMs);
  const enough = new AbortController();
  const late = clock.pause(waitMaxMs, enough.signal).then(() => 'late' as const);
  try {
    if ((await Promise.race([index.readOn(), late])) !== 'late') return;
    const { read, total } = index.progress();
    throw new InfrastructureError(`the outcomes in the log are not read yet: ${read} of ${total}`);
  } finally {
    enough.abort();
  }
};

/** The first valid outcome of the key at these places; 'unread' when that cannot be told yet. */
const firstValid = (
  index: OutcomeIndex,
  key: string,
  { partition, offsets }: Places,
  outcomes: OutcomesAt,
): OrderOutcome | 'unread' | undefined => {
  for (const offset of offsets) {
    const place = placeOf(partition, offset);
    if (!outcomes.has(place)) return 'unread';
    const event = outcomes.get(place);
    const isValid = event && !isVoid(event, index.newestMarkerBefore(partition, offset));
    if (isValid && event.request_id === key) return event;
  }
  return undefined;
};

const inLog = ({ order }: Asked, first: ReturnType<typeof firstValid>, throughMs: number): InLog => {
  if (first === undefined) return { kind: 'absent', throughMs };
  if (first === 'unread') return { kind: 'unread' };
  const samePayload = order === undefined || payloadText(recordOf(first).order) === payloadText(order);
  return { kind: 'decided', samePayload };
};

/** Once begun, the reading goes on; before, it is due when the store may forget the oldest outcome within the horizon. */
const isDue = async (
  { answerAgeMaxMs, wallClockMs }: DecidedInLogParts,
  index: OutcomeIndex,
): Promise<boolean> => {
  if (index.progress().read > 0) return true;
  const oldestAtMs = await index.oldestAtMs();
  return oldestAtMs !== undefined && wallClockMs() - oldestAtMs > answerAgeMaxMs;
};

const readWhenDue = async (
  parts: DecidedInLogParts,
  index: OutcomeIndex,
  signal: AbortSignal,
): Promise<'read' | 'failed'> => {
  try {
    if (await isDue(parts, index)) await index.readOn();
    return 'read';
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    if (!signal.aborted)
      parts.log.warn('the outcomes cannot be read on', { event: 'outcomes_unread', error });
    return 'failed';
  }
};

/** The reading stops when `signal` aborts, with an InfrastructureError for its reason. */
export const createDecidedInLog = (parts: DecidedInLogParts, signal: AbortSignal): DecidedInLog => {
  const index = new OutcomeIndex({ ...parts, onRead: sayProgress(parts) }, signal);
  return {
    absentThroughMs: (key) => index.absentThroughMs(key),
    lookUp: async (asked, storeNowMs) => {
      await readThrough(parts, index, storeNowMs);
      /** With the places, in one go: what is read on from here may add others. */
      const throughMs = index.throughMs();
      const found = asked.map((it) => ({ it, places: index.placesOf(it.key) }));
      const outcomes = await readOutcomesAt(
        parts,
        index,
        found.map(({ places }) => places),
      );
      return found.map(({ it, places }) => inLog(it, firstValid(index, it.key, places, outcomes), throughMs));
    },
    keepReading: async () => {
      const everyMs = Math.max(retryMs, Math.min(readEveryMs, parts.answerAgeMaxMs / 4));
      while (!signal.aborted) {
        const end = await readWhenDue(parts, index, signal);
        await parts.clock.pause(end === 'read' ? everyMs : retryMs, signal);
      }
    },
    progress: () => index.progress(),
  };
};
