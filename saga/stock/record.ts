import type { FailureReason } from '../../schemas/events';
import type { Order, OrderRecord } from '../ports';

/**
 * An order's record as the text the scripts keep: `state|atMs|user|item|amount|detail`. State is R, C or F; the time has
 * 13 digits until the year 2286; `detail` is the payment id or the reason. User and item ids hold no bar (schemas/fields.ts),
 * so everything before the detail is unambiguous, and an order's payload can be compared as one piece of text.
 */

/** What two requests of one key must have in common to be the same order. */
export const payloadText = (order: Order | undefined): string =>
  order === undefined ? '||' : `${order.userId}|${order.itemId}|${order.amount}`;

export const recordText = (record: OrderRecord): string => {
  switch (record.state) {
    case 'RESERVED':
      return `R|${record.atMs}|${payloadText(record.order)}|`;
    case 'COMPLETED':
      return `C|${record.atMs}|${payloadText(record.order)}|${record.paymentId}`;
    case 'FAILED':
      return `F|${record.atMs}|${payloadText(record.order)}|${record.reason}`;
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
  const detail = rest.join('|');
  if (state === 'R' && order) return { state: 'RESERVED', atMs, order };
  if (state === 'C' && order) return { state: 'COMPLETED', atMs, order, paymentId: detail };
  if (state === 'F') return { state: 'FAILED', atMs, key, order, reason: detail as FailureReason };
  throw new TypeError(`The record of ${key} cannot be read: ${text.slice(0, 100)}`);
};
