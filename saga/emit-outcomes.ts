import { formatPosition, type NewRecord } from '../chassis/kafka/log';
import { eventIdOf } from '../schemas/event-id';
import { readMetadata } from '../schemas/headers';
import { toRecord } from '../schemas/new-record';
import { topics } from '../schemas/topics';
import type { ToEmit } from './decide-orders';
import { postpone } from './postpone';
import { epochOver, type RoundEnd, type RoundContext } from './round-context';
import { sendNoted } from './send-noted';

const outcomeRecord = ({ codec }: RoundContext, { work, emission }: ToEmit): NewRecord => {
  const { event_id, correlation_id, traceparent: fromRequest } = readMetadata(work.record);
  const traceparent = work.span?.traceparent ?? fromRequest;
  /** Named one by one: an object that begins with a spread costs 8 µs in Node 20. */
  const metadata = {
    event_id: eventIdOf(emission.event),
    correlation_id,
    causation_id: event_id,
    source: 'saga',
  };
  return toRecord(
    codec,
    topics.orderOutcomes.name,
    emission.event,
    traceparent === undefined ? metadata : { traceparent, ...metadata },
  );
};

/** Rule R13, and what R8 needs of failed orders: nothing stays charged under a key that must not be. */
const cancelCharges = async (
  context: RoundContext,
  emitting: readonly ToEmit[],
): Promise<readonly ToEmit[]> => {
  if (emitting.every((it) => it.emission.cancelFirst.length === 0)) return emitting;
  const cancelled: ToEmit[] = [];
  const unknown: ToEmit[] = [];
  const cancelAll = async (it: ToEmit): Promise<void> => {
    const call = { endsAtMs: context.paymentsEndAtMs, signal: context.signal };
    const outcome = await context.finalCancels.cancel(it.key, it.emission.cancelFirst, call);
    (outcome === 'unknown' ? unknown : cancelled).push(it);
  };
  await Promise.all(emitting.filter((it) => it.emission.cancelFirst.length > 0).map(cancelAll));
  if (cancelled.length + unknown.length > 0) context.atStep('after-cancel');
  await postpone(context, unknown, cancelled.length > 0);
  return [...emitting.filter((it) => it.emission.cancelFirst.length === 0), ...cancelled];
};

/**
 * An outcome of which no event can be made stays undone and holds its partition, with a line that names it. Were it to end
 * the process, as bugs do, the next process would meet it too, and no order of any partition would be decided.
 */
const encode = (context: RoundContext, it: ToEmit): NewRecord | undefined => {
  try {
    return outcomeRecord(context, it);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    context.observe.unwritten(topics.orderOutcomes.name, 'unencodable');
    const place = formatPosition(it.work.record);
    context.trouble.note(`the outcome of ${place} cannot be written: ${error.message}`, error);
    return undefined;
  }
};

const produce = async (context: RoundContext, emitting: readonly ToEmit[]): Promise<readonly ToEmit[]> => {
  const startedAtMs = context.clock.nowMs();
  const sending: ToEmit[] = [];
  const records: NewRecord[] = [];
  for (const it of emitting) {
    const record = encode(context, it);
    if (record === undefined) continue;
    sending.push(it);
    records.push(record);
  }
  const isAcked = await sendNoted(context, records);
  context.observe.step('produce', context.clock.nowMs() - startedAtMs);
  context.atStep('after-produce');
  return sending.filter((_, index) => isAcked[index]);
};

/**
 * Writes outcomes to the log and marks the orders done. Rule R6: an outcome counts only when, after its
 * acknowledgement, nobody has claimed a newer epoch; else it may stand behind a marker and be void. Rule R10: only
 * now may the record expire. What is not acknowledged stays undone.
 */
export const emitOutcomes = async (context: RoundContext, emitting: readonly ToEmit[]): Promise<RoundEnd> => {
  if (emitting.length === 0) return 'went-through';
  const { connection, generation } = context.session;
  const written = await produce(context, await cancelCharges(context, emitting));
  if (written.length === 0) return 'went-through';
  const producedAtMs = context.clock.nowMs();
  const newestClaim = await context.fence.newestClaim();
  context.observe.step('fence', context.clock.nowMs() - producedAtMs);
  if (newestClaim !== generation.epoch) {
    context.observe.voided(written.length);
    return epochOver;
  }
  context.atStep('after-fence');
  const keys = written.map(({ key }) => key);
  const marked = await connection.emitted(generation.epoch, keys, context.memory.recordTtlMs);
  if (marked === 'stale') return epochOver;
  context.atStep('after-emitted');
  for (const { work, emission } of written) {
    work.isDone = true;
    work.span?.event('outcome in the log');
    context.observe.emitted(emission.event);
  }
  return 'went-through';
};
