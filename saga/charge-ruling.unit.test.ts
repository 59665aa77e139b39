import type { OrderCompleted, OrderFailed } from '../schemas/events';
import { orderOfPaymentKey, ruleOnCharge } from './charge-ruling';

const order = { request_id: 'r:1', user_id: 'ann', item_id: 'shoe', amount: 1, epoch: 7 };
const completed: OrderCompleted = { type: 'OrderCompleted', ...order, payment_id: 'p', completed_at: 1 };
const failed: OrderFailed = {
  type: 'OrderFailed',
  ...order,
  reason: 'PAYMENT',
  detail: null,
  failed_at: 1,
};

describe('a charge is given back', () => {
  it('when its order failed', () => {
    expect(ruleOnCharge('r:1:7', failed)).toEqual({ kind: 'give-back', status: 'FAILED' });
  });

  it('when another charge pays for its order', () => {
    expect(ruleOnCharge('r:1:6', completed)).toEqual({ kind: 'give-back', status: 'COMPLETED' });
  });
});

describe('a charge stands', () => {
  it('when it pays for a completed order', () => {
    expect(ruleOnCharge('r:1:7', completed)).toMatchObject({ kind: 'refused' });
  });

  it('while its order is not decided', () => {
    expect(ruleOnCharge('r:1:7', undefined)).toMatchObject({ kind: 'refused' });
  });
});

it('a payment key names its order, also one with colons', () => {
  expect(orderOfPaymentKey('r:1:7')).toBe('r:1');
  expect(orderOfPaymentKey('r')).toBeUndefined();
});
