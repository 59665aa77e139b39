import type { OrderCompleted, OrderFailed } from '../schemas/events';
import { MemoryLog } from '../chassis/kafka/memory-log';
import { findOutcome, orderOfPaymentKey, ruleOnCharge } from './charge-ruling';
import { createTokenCodec } from './simulation/token-codec';

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

it('an outcome that a newer release wrote is learned to read, and counts as the first', async () => {
  const log = new MemoryLog();
  const topic = 'order-outcomes';
  await log.admin().createTopics([{ name: topic, partitions: 2, config: {} }], 1);
  const codec = createTokenCodec();
  for (const event of [completed, failed]) {
    await log.producer().send({ topic, key: event.request_id, value: codec.encode(topic, event) });
  }
  const learned: number[] = [];
  const older = {
    ...codec,
    decode: ((of, value) =>
      learned.length === 0
        ? { kind: 'unknown-schema', schemaId: 9 }
        : codec.decode(of, value)) as typeof codec.decode,
    learn: async (schemaId: number) => void learned.push(schemaId),
  };
  const parts = { reader: log.reader(), admin: log.admin(), codec: older };
  expect(await findOutcome(parts, 'r:1')).toEqual(completed);
  expect(learned).toEqual([9]);
});
