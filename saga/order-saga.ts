import type { OrderOutcome } from '../schemas/events';
import type {
  ChargeOutcome,
  Decision,
  Order,
  OrderRecord,
  StartedEpoch,
  Settled,
  SettleRequest,
} from './ports';

/**
 * The life of one order as decisions: given what the store or the payment said, the next step as data. Nothing here
 * waits, reads a clock or fails; handle-orders.ts does what these functions say. Every step may be repeated.
 */

/** The generation of the store that decides now, and every epoch that has a marker in the log. */
export interface Generation {
  readonly epoch: number;
  readonly startedEpochs: readonly StartedEpoch[];
}

export interface Emission {
  readonly key: string;
  readonly event: OrderOutcome;
  /** Payment keys that must be finally cancelled before the event may be written. */
  readonly cancelFirst: readonly string[];
}

export type AfterDecision =
  | { readonly step: 'charge'; readonly paymentKey: string; readonly cancelFirst: readonly string[] }
  | { readonly step: 'emit'; readonly emission: Emission }
  | { readonly step: 'done' }
  | { readonly step: 'bury-conflict' }
  | { readonly step: 'look-up-in-log' }
  | { readonly step: 'wait-for-stock' };

export type AfterCharge =
  { readonly step: 'settle'; readonly outcome: SettleRequest['outcome'] } | { readonly step: 'postpone' };

export type AfterSettlement =
  | { readonly step: 'emit'; readonly emission: Emission }
  | { readonly step: 'done' }
  | { readonly step: 'start-again' };

/** Rule R8: a charge belongs to the epoch that decided it, so that a later epoch can cancel it and charge anew. */
export const paymentKeyOf = (key: string, epoch: number): string => `${key}:${epoch}`;

/**
 * Brokers' clocks may differ by this much; an epoch is taken as ended before a request was appended only when its
 * successor's marker is older than the request by more.
 */
const brokerSkewMs = 10_000;

/**
 * Rule R8: the earlier epochs in which this request may have been charged. An epoch could decide nothing once its
 * successor's marker was written (the store is closed before that), so whatever ended before the request was appended
 * cannot have seen it. Usually none. One that never opened is among them: the log tells of no opening. Oldest first.
 */
export const epochsToCancel = (generation: Generation, appendedAtMs: number): readonly number[] => {
  const started = generation.startedEpochs.filter(
    ({ startedAtMs }) => startedAtMs + brokerSkewMs <= appendedAtMs,
  );
  const first = started.reduce((newest, { epoch }) => Math.max(newest, epoch), -1);
  if (first >= generation.epoch) return [];
  return generation.startedEpochs
    .map(({ epoch }) => epoch)
    .filter((epoch) => epoch >= first && epoch < generation.epoch)
    .sort((a, b) => a - b);
};

/** The terminal event of a record; its content comes from the record alone, so that repeats are the same bytes. */
export const outcomeEvent = (
  record: Exclude<OrderRecord, { state: 'RESERVED' }>,
  epoch: number,
): OrderOutcome => {
  switch (record.state) {
    case 'COMPLETED':
      return {
        type: 'OrderCompleted',
        request_id: record.order.key,
        user_id: record.order.userId,
        item_id: record.order.itemId,
        amount: record.order.amount,
        epoch,
        payment_id: record.paymentId,
        completed_at: record.atMs,
      };
    case 'FAILED':
      return {
        type: 'OrderFailed',
        request_id: record.key,
        user_id: record.order?.userId ?? null,
        item_id: record.order?.itemId ?? null,
        amount: record.order?.amount ?? null,
        epoch,
        reason: record.reason,
        failed_at: record.atMs,
        detail: record.detail,
      };
  }
};

const keysToCancel = (
  generation: Generation,
  record: Exclude<OrderRecord, { state: 'RESERVED' }>,
  appendedAtMs: number,
): readonly string[] => {
  if (record.state === 'COMPLETED') return [];
  const earlier = epochsToCancel(generation, appendedAtMs);
  /** Only a refusal for want of payment follows a charge in this epoch, or one for a reason that a newer release knows. */
  const mayBeCharged = record.reason === 'PAYMENT' || record.reason === 'OTHER';
  const epochs = mayBeCharged ? [...earlier, generation.epoch] : earlier;
  return epochs.map((epoch) => paymentKeyOf(record.key, epoch));
};

const emissionOf = (
  generation: Generation,
  record: Exclude<OrderRecord, { state: 'RESERVED' }>,
  appendedAtMs: number,
): Emission => ({
  key: record.state === 'COMPLETED' ? record.order.key : record.key,
  event: outcomeEvent(record, generation.epoch),
  cancelFirst: keysToCancel(generation, record, appendedAtMs),
});

/** What to do with a request (absent: poison) after the store has answered. */
export const afterDecision = (
  generation: Generation,
  decision: Decision,
  order: Order | undefined,
  appendedAtMs: number,
): AfterDecision => {
  switch (decision.kind) {
    case 'unsure':
      return { step: 'look-up-in-log' };
    case 'unknown-item':
      return { step: 'wait-for-stock' };
    case 'conflict':
      return { step: 'bury-conflict' };
    case 'decided':
      if (decision.emitted) return { step: 'done' };
      if (decision.record.state !== 'RESERVED') {
        return { step: 'emit', emission: emissionOf(generation, decision.record, appendedAtMs) };
      }
      /** Poison under the key of an order in progress: the order's own record carries it on. */
      if (order === undefined) return { step: 'done' };
      return {
        step: 'charge',
        paymentKey: paymentKeyOf(order.key, generation.epoch),
        cancelFirst: epochsToCancel(generation, appendedAtMs).map((epoch) => paymentKeyOf(order.key, epoch)),
      };
  }
};

const notPaid = (detail: string | null): AfterCharge => ({
  step: 'settle',
  outcome: { state: 'FAILED', reason: 'PAYMENT', detail },
});

/**
 * A payment that stays unknown is given up as one that was declined: the settlement is refused when somebody else has heard
 * of it meanwhile, and the refusal is written once the charge is cancelled for good. `cancelled` means that this epoch's key will never be charged: settling it as failed is right whoever cancelled it,
 * because the settlement is refused when the order has moved on or the epoch is over.
 */
export const afterCharge = (charge: ChargeOutcome, isGivenUp: boolean): AfterCharge => {
  switch (charge.kind) {
    case 'approved':
      return { step: 'settle', outcome: { state: 'COMPLETED', paymentId: charge.paymentId } };
    case 'declined':
      return notPaid(charge.code === null ? null : `declined: ${charge.code}`);
    case 'cancelled':
      return notPaid(null);
    case 'unknown':
      return isGivenUp ? notPaid('no answer') : { step: 'postpone' };
  }
};

export const afterSettlement = (
  generation: Generation,
  settled: Settled,
  appendedAtMs: number,
): AfterSettlement => {
  switch (settled.kind) {
    case 'missing':
      return { step: 'start-again' };
    case 'settled':
      if (settled.emitted) return { step: 'done' };
      if (settled.record.state === 'RESERVED') return { step: 'start-again' };
      return { step: 'emit', emission: emissionOf(generation, settled.record, appendedAtMs) };
  }
};
