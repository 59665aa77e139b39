import { topics } from '../schemas/topics';
import type { LogAdmin, LogReader } from '../chassis/kafka/log';
import { partitionOf } from '../chassis/kafka/partitioner';
import type { Decoded, EventCodec } from '../schemas/codec';
import { decodeOrLearn } from '../schemas/decode-or-learn';
import type { OrderOutcome } from '../schemas/events';
import { paymentKeyOf } from './order-saga';
import { isVoid } from './stock-fold';

/** Whether what stands under a payment key may be given back. */
export type ChargeRuling =
  | { readonly kind: 'give-back'; readonly status: string }
  | { readonly kind: 'refused'; readonly why: string };

/** `<order key>:<epoch>` taken apart; undefined for what is no payment key. */
export const orderOfPaymentKey = (paymentKey: string): string | undefined =>
  /^(.+):\d{1,15}$/s.exec(paymentKey)?.[1];

/**
 * Only a terminal order's charge may be given back, and never the one that pays for it: an order that is not decided may
 * still be completed, and then it would be sold without a charge.
 */
export const ruleOnCharge = (paymentKey: string, outcome: OrderOutcome | undefined): ChargeRuling => {
  if (outcome === undefined) {
    return { kind: 'refused', why: 'the log has no decision of this order, and its charge may be under way' };
  }
  const paysFor = paymentKeyOf(outcome.request_id, outcome.epoch);
  if (outcome.type === 'OrderCompleted' && paysFor === paymentKey) {
    return { kind: 'refused', why: 'the order is completed and this charge pays for it' };
  }
  return { kind: 'give-back', status: outcome.type === 'OrderCompleted' ? 'COMPLETED' : 'FAILED' };
};

export interface OutcomeInLogParts {
  readonly reader: LogReader;
  readonly admin: Pick<LogAdmin, 'ranges'>;
  readonly codec: EventCodec;
}

const topic = topics.orderOutcomes.name;

/**
 * The first valid outcome of an order, read from its whole partition: a second for a million outcomes, which an operator
 * has. @throws InfrastructureError when the log does not answer, or the registry for an outcome of a newer release.
 */
export const findOutcome = async (
  { reader, admin, codec }: OutcomeInLogParts,
  orderKey: string,
): Promise<OrderOutcome | undefined> => {
  const ranges = await admin.ranges(topic);
  const own = partitionOf(orderKey, ranges.length);
  let newestMarker = -1;
  let found: OrderOutcome | undefined;
  const take = (decoded: Decoded): void => {
    if (decoded.kind !== 'event') return;
    const { event } = decoded;
    if (event.type === 'EpochStarted') newestMarker = Math.max(newestMarker, event.epoch);
    if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed') return;
    if (event.request_id === orderKey && !isVoid(event, newestMarker)) found ??= event;
  };
  await reader.read({
    topic,
    from: new Map(ranges.map(({ partition, low, high }) => [partition, partition === own ? low : high])),
    to: new Map(ranges.map(({ partition, high }) => [partition, high])),
    onRecords: async (records) => {
      for (const { value } of records) take(await decodeOrLearn(codec, topic, value));
    },
    withHeaders: false,
  });
  return found;
};
