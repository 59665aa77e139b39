import type { KeyedWork, RoundContext } from './round-context';
import { toPostponedRecord } from '../schemas/postponed-order';
import { sendNoted } from './send-noted';

/**
 * Parks orders whose payment is unknown, so that their partition goes on. They stay as they are in the store and the
 * consumer of `payment-retries` takes the same steps. Not acknowledged: they stay undone here. That consumer itself
 * holds them while the provider answers nobody, instead of writing them round and round. As with outcomes (rule R6), what
 * is parked counts only when nobody has claimed a newer epoch by then: a rebuild reads the topic after its claim. Of a call
 * that was told to stop nothing is parked: most of its payments were never begun.
 */
export const postpone = async (
  context: RoundContext,
  unknown: readonly KeyedWork[],
  providerAnswers: boolean,
): Promise<void> => {
  if (unknown.length === 0 || context.signal.aborted) return;
  for (const { work } of unknown) context.observe.paymentUnknown(context.wallClockMs() - work.appendedAtMs);
  if (context.onUnknownPayment === 'hold' && !providerAnswers) {
    context.trouble.note(`the payment provider answers for none of ${unknown.length} orders`);
    return;
  }
  const records = unknown.map(({ work }) => toPostponedRecord(work.record));
  const isAcked = await sendNoted(context, records);
  context.atStep('after-postpone');
  if ((await context.fence.newestClaim()) !== context.session.generation.epoch) return;
  const parked = unknown.filter((_, index) => isAcked[index]);
  for (const { work } of parked) work.isDone = true;
  context.observe.postponed(parked.length);
};
