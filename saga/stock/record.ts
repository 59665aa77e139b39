import { failureReasons, type FailureReason } from '../../schemas/events';
import { isText } from '../../schemas/fields';
import { usablePaymentId } from '../payment-id';
import type { Order, OrderRecord } from '../ports';

/**
 * An order's record as the text the scripts keep: `state|atMs|user|item|amount|rest`. State is R, C or F; the time has
 * 13 digits until the year 2286; `rest` is the payment id, or the reason, or the reason, a bar and its detail. User and
 * item ids and reasons hold no bar (schemas/fields.ts), so a record reads in one way, and an order's payload can be
 * compared as one piece of text.
 *
 * Releases before refusals had details take all of `rest` as the reason and cannot write the outcome then, so details are
 * recorded only where `REFUSAL_DETAIL` says that no such process is left (docs/how-to/turn-on-refusal-details.md).
 */

/** What two requests of one key must have in common to be the same order. */
export const payloadText = (order: Order | undefined): string =>
  order === undefined ? '||' : `${order.userId}|${order.itemId}|${order.amount}`;

/** The end of a refusal's record. */
export const refusalText = (reason: FailureReason, detail: string | null, recordsDetail: boolean): string =>
  recordsDetail && detail !== null ? `${reason}|${detail}` : reason;

/** A reason of a release still to come is OTHER; a detail that no event may hold must not keep its order from ending. */
export const parseRefusal = (text: string): { reason: FailureReason; detail: string | null } => {
  const bar = text.indexOf('|');
  const name = (bar === -1 ? text : text.slice(0, bar)) as FailureReason;
  const reason = failureReasons.includes(name) ? name : 'OTHER';
  const detail = bar === -1 ? '' : text.slice(bar + 1);
  return { reason, detail: detail !== '' && isText(detail) ? detail : null };
};

/** @param recordsDetail whether every process that reads the record knows details */
export const recordText = (record: OrderRecord, recordsDetail: boolean): string => {
  switch (record.state) {
    case 'RESERVED':
      return `R|${record.atMs}|${payloadText(record.order)}|`;
    case 'COMPLETED':
      return `C|${record.atMs}|${payloadText(record.order)}|${record.paymentId}`;
    case 'FAILED':
      return `F|${record.atMs}|${payloadText(record.order)}|${refusalText(record.reason, record.detail, recordsDetail)}`;
  }
};

const orderOf = (
  key: string,
  [userId = '', itemId = '', amount = '']: readonly string[],
): Order | undefined => (userId === '' ? undefined : { key, userId, itemId, amount: Number(amount) });

/** @throws TypeError when the text is none of ours: somebody else writes under our keys. */
export const parseRecord = (key: string, text: string): OrderRecord => {
  const [state = '', at = '', user = '', item = '', amount = '', ...rest] = text.split('|');
  const order = orderOf(key, [user, item, amount]);
  const atMs = Number(at);
  const end = rest.join('|');
  if (state === 'R' && order) return { state: 'RESERVED', atMs, order };
  /** Releases that took any text of the provider for an id have left records that no event could be made of. */
  if (state === 'C' && order)
    return { state: 'COMPLETED', atMs, order, paymentId: usablePaymentId(end, key) };
  if (state === 'F') {
    const { reason, detail } = parseRefusal(end);
    return { state: 'FAILED', atMs, key, order, reason, detail };
  }
  throw new TypeError(`The record of ${key} cannot be read: ${text.slice(0, 100)}`);
};
