import type { KeyedWork, RoundContext } from './round-context';
import { toPostponedRecord } from '../schemas/postponed-order';
import { sendNoted } from './send-noted';

/** A held order gets a new place in the log so often until its payment is given up: its age is a matter of the log's times. */
const placesUntilGivenUp = 24;

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
  const nowMs = context.wallClockMs();
  const heldMs = context.paymentGiveUpMs / placesUntilGivenUp;
  const mayHold = context.onUnknownPayment === 'hold' && !providerAnswers;
  for (const { work } of unknown) context.observe.paymentUnknown(nowMs - work.appendedAtMs);
  const parking = unknown.filter(({ work }) => !mayHold || nowMs - work.record.appendedAtMs >= heldMs);
  if (parking.length < unknown.length)
    context.trouble.note(`the payment provider answers for none of ${unknown.length} orders`);
  if (parking.length === 0) return;
  const isAcked = await sendNoted(
    context,
    parking.map(({ work }) => toPostponedRecord(work.record)),
  );
  context.atStep('after-postpone');
  if ((await context.fence.newestClaim()) !== context.session.generation.epoch) return;
  const parked = parking.filter((_, index) => isAcked[index]);
  for (const { work } of parked) work.isDone = true;
  context.observe.postponed(parked.length);
};
