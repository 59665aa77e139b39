import { InfrastructureError, type RecordsHandler } from '../chassis/kafka/log';
import { bury } from './bury';
import { decideOrders } from './decide-orders';
import { FinalCancels } from './final-cancels';
import { findFacts } from './find-facts';
import type { Gate } from './gate';
import { beginSpans, endSpans } from './order-trace';
import { donePrefix, nextWorks, readChunk, type Chunk, type OrderWork } from './order-work';
import {
  epochOver,
  type RoundEnd,
  type KeyedWork,
  type RoundContext,
  type RoundParts,
} from './round-context';
import { settleOrders } from './settle-orders';

export interface OrderHandlerParts extends RoundParts {
  readonly gate: Gate;
}

/** A handler's parts with what it remembers from one attempt to the next. */
interface Handling extends OrderHandlerParts {
  readonly finalCancels: FinalCancels;
}

/** A closed gate: shorter than the consumer's patience, so that the partition backs off and keeps its membership. */
const gateWaitMs = 2_000;
/** Rounds in which nothing gets done, after a loss of the store or a lost answer; then the chunk is handed over again. */
const fruitlessMax = 3;
/** No new round after this; with one payment budget of 10 s at most on top it stays below the consumer's stall watchdog of 15 s. */
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

interface RoundResult {
  readonly end: RoundEnd;
  /** Why some orders wait, where that is not the end of the round. */
  readonly trouble: InfrastructureError | undefined;
}

/** Orders that need more to be known wait for it alone: the others are charged and written meanwhile. */
const runRound = async (context: RoundContext, works: readonly OrderWork[]): Promise<RoundResult> => {
  const keyed = await buryPoison(context, works);
  const decided = await decideOrders(context, keyed);
  if (decided === epochOver) return { end: epochOver, trouble: undefined };
  if (context.signal.aborted) return { end: 'went-through', trouble: undefined };
  const finding = findFacts(context, decided);
  try {
    const settling = settleOrders(context, decided.toCharge, decided.toEmit);
    const [end, trouble] = await Promise.all([settling, finding]);
    return { end, trouble };
  } finally {
    // Nothing of a round goes on when the next one begins.
    await finding;
  }
};

const tryRound = async (
  parts: Handling,
  works: readonly OrderWork[],
  signal: AbortSignal,
): Promise<InfrastructureError | undefined> => {
  const session = await parts.gate.session(gateWaitMs, signal);
  try {
    const paymentsEndAtMs = parts.payment.budgetEndMs();
    const { end, trouble } = await runRound({ ...parts, session, signal, paymentsEndAtMs }, works);
    if (end === epochOver) parts.gate.suspect(session);
    return trouble;
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    // The store's, or the fence's: then the gate, which asks it too, cannot vouch for the store either.
    parts.gate.suspect(session);
    return error;
  }
};

/** Rounds until everything is done, or nothing more comes of it now. Returns why something is left, if it is known. */
const runRounds = async (
  parts: Handling,
  chunk: Chunk,
  signal: AbortSignal,
): Promise<InfrastructureError | undefined> => {
  const startedAtMs = parts.clock.nowMs();
  let trouble: InfrastructureError | undefined;
  for (let fruitless = 0; fruitless < fruitlessMax;) {
    const works = nextWorks(chunk);
    if (works.length === 0 || signal.aborted) return trouble;
    trouble = (await tryRound(parts, works, signal)) ?? trouble;
    if (!works.some((work) => work.isDone)) fruitless += 1;
    if (parts.clock.nowMs() - startedAtMs > chunkBudgetMs) return trouble;
  }
  return trouble;
};

/**
 * Brings a chunk of requests to their outcomes and returns how many, counted from the first, are done for good. It
 * may be called again with any of them, at any time, by any process: what was decided stands.
 * @throws InfrastructureError when not even the first could be done because a server does not answer.
 */
export const createOrderHandler = (parts: OrderHandlerParts): RecordsHandler => {
  const handling = { ...parts, finalCancels: new FinalCancels(parts.payment) };
  return async (records, signal) => {
    const startedAtMs = parts.clock.nowMs();
    const [chunk] = await Promise.all([readChunk(parts.codec, records), parts.sales.catchUp()]);
    for (const work of chunk.works) {
      work.isOffSale = work.order !== undefined && parts.sales.isOff(work.order.itemId, work.appendedAtMs);
    }
    parts.atStep('after-decode');
    beginSpans(parts.tracing, chunk.works);
    const trouble = await runRounds(handling, chunk, signal);
    endSpans(chunk.works);
    const done = donePrefix(chunk);
    parts.observe.chunk(records.length, done, parts.clock.nowMs() - startedAtMs);
    if (done === 0 && !signal.aborted)
      throw trouble ?? new InfrastructureError('no order of this chunk has an outcome yet');
    return done;
  };
};
