import { InfrastructureError, type RecordsHandler } from '../chassis/kafka/log';
import { bury } from './bury';
import { decideOrders } from './decide-orders';
import { FinalCancels } from './final-cancels';
import { findFacts } from './find-facts';
import type { Gate, Session } from './gate';
import { beginSpans, endSpans } from './order-trace';
import { donePrefix, nextWorks, readChunk, type Chunk, type OrderWork } from './order-work';
import {
  epochOver,
  type RoundEnd,
  type KeyedWork,
  type RoundContext,
  type RoundParts,
} from './round-context';
import { Trouble } from './send-noted';
import { settleOrders } from './settle-orders';
import { WrittenLetters } from './written-letters';

export interface OrderHandlerParts extends RoundParts {
  readonly gate: Gate;
}

/** A handler's parts with what it remembers from one attempt to the next, and what goes wrong in this call. */
interface Handling extends OrderHandlerParts {
  readonly finalCancels: FinalCancels;
  readonly written: WrittenLetters;
  readonly trouble: Trouble;
  readonly noteProgress: () => void;
}

/** A closed gate: shorter than the consumer's patience, so that the partition backs off and keeps its membership. */
const gateWaitMs = 2_000;
/** Rounds in which nothing gets done, after a loss of the store or a lost answer; then the chunk is handed over again. */
const fruitlessMax = 3;
/**
 * No new round after this. The consumer's watchdog of 15 s begins anew with each round, which takes a payment budget of
 * 10 s and 3 s to postpone at most.
 */
const chunkBudgetMs = 4_000;

/** Poison is in the dead-letter topic before anything is written under its key; without a key that is all. */
const buryPoison = async (
  context: RoundContext,
  works: readonly OrderWork[],
): Promise<readonly KeyedWork[]> => {
  const poison = works
    .filter((work) => work.burial !== undefined)
    .flatMap((work) => (work.burial ? [{ work, record: work.record, ...work.burial }] : []));
  const isAcked = poison.length > 0 ? await bury(context, poison) : [];
  poison.forEach(({ work }, index) => {
    if (isAcked[index] !== true) return;
    work.burial = undefined;
    if (work.key === undefined) work.isDone = true;
  });
  const keyed: KeyedWork[] = [];
  for (const work of works) {
    if (!work.burial && work.key !== undefined) keyed.push({ work, key: work.key });
  }
  return keyed;
};

/** Orders that need more to be known wait for it alone: the others are charged and written meanwhile. */
const runRound = async (context: RoundContext, works: readonly OrderWork[]): Promise<RoundEnd> => {
  const keyed = await buryPoison(context, works);
  const decided = await decideOrders(context, keyed);
  if (decided === epochOver) return epochOver;
  if (context.signal.aborted) return 'went-through';
  const finding = findFacts(context, decided);
  try {
    const [end] = await Promise.all([settleOrders(context, decided.toCharge, decided.toEmit), finding]);
    return end;
  } finally {
    // Nothing of a round goes on when the next one begins.
    await finding;
  }
};

/** Undefined when the store does not open in time: what the call has done so far stands. */
const openSession = async (
  { gate, trouble }: Handling,
  signal: AbortSignal,
): Promise<Session | undefined> => {
  try {
    return await gate.session(gateWaitMs, signal);
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    trouble.last = error;
    return undefined;
  }
};

const tryRound = async (
  parts: Handling,
  session: Session,
  works: readonly OrderWork[],
  signal: AbortSignal,
): Promise<void> => {
  try {
    const paymentsEndAtMs = parts.payment.budgetEndMs();
    const end = await runRound({ ...parts, session, signal, paymentsEndAtMs }, works);
    if (end !== epochOver) return;
    parts.trouble.note('the stock store has changed hands');
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    // The store's, or the fence's: then the gate, which asks it too, cannot vouch for the store either.
    parts.trouble.last = error;
  }
  parts.gate.suspect(session);
};

/** Rounds until everything is done, or nothing more comes of it now. */
const runRounds = async (parts: Handling, chunk: Chunk, signal: AbortSignal): Promise<void> => {
  const startedAtMs = parts.clock.nowMs();
  for (let fruitless = 0; fruitless < fruitlessMax;) {
    const works = nextWorks(chunk);
    if (works.length === 0 || signal.aborted) return;
    const session = await openSession(parts, signal);
    if (!session) return;
    parts.noteProgress();
    await tryRound(parts, session, works, signal);
    if (!works.some((work) => work.isDone)) fruitless += 1;
    if (parts.clock.nowMs() - startedAtMs > chunkBudgetMs) return;
  }
};

/**
 * Brings a chunk of requests to their outcomes and returns how many, counted from the first, are done for good. It
 * may be called again with any of them, at any time, by any process: what was decided stands.
 * @throws InfrastructureError with the reason when not even the first could be done.
 */
export const createOrderHandler = (parts: OrderHandlerParts): RecordsHandler => {
  const remembered = { finalCancels: new FinalCancels(parts.payment), written: new WrittenLetters() };
  return async (records, signal, noteProgress = () => undefined) => {
    const startedAtMs = parts.clock.nowMs();
    const [chunk] = await Promise.all([readChunk(parts.codec, records), parts.sales.catchUp()]);
    for (const work of chunk.works) {
      work.isOffSale = work.order !== undefined && parts.sales.isOff(work.order.itemId, work.appendedAtMs);
    }
    parts.atStep('after-decode');
    beginSpans(parts.tracing, chunk.works);
    const trouble = new Trouble();
    await runRounds({ ...parts, ...remembered, trouble, noteProgress }, chunk, signal);
    endSpans(chunk.works);
    const done = donePrefix(chunk);
    parts.observe.chunk(records.length, done, parts.clock.nowMs() - startedAtMs);
    if (done === 0 && !signal.aborted)
      throw trouble.last ?? new InfrastructureError('no order of this chunk has an outcome yet');
    return done;
  };
};
