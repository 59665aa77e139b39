import { afterCharge, afterDecision, afterSettlement, epochsToCancel, outcomeEvent } from './order-saga';
import type { FailureReason } from '../schemas/events';
import type { Order, OrderRecord } from './ports';

const order: Order = { key: 'r1', userId: 'ann', itemId: 'shoe', amount: 2 };
const minute = 60_000;
const generation = {
  epoch: 9,
  startedEpochs: [
    { epoch: 3, startedAtMs: 1 * minute },
    { epoch: 5, startedAtMs: 2 * minute },
    { epoch: 9, startedAtMs: 3 * minute },
  ],
};
const reserved: OrderRecord = { state: 'RESERVED', atMs: 7, order };
const completed: OrderRecord = { state: 'COMPLETED', atMs: 7, order, paymentId: 'p' };
const failed = (reason: FailureReason): OrderRecord => ({
  state: 'FAILED',
  atMs: 7,
  key: order.key,
  order,
  reason,
  detail: null,
});
const decided = (record: OrderRecord, emitted = false) =>
  ({ kind: 'decided', isNew: false, emitted, record }) as const;

describe('the epochs in which a request may have been charged', () => {
  it.each([
    ['appended before all of them', 0, [3, 5]],
    ['appended while the first one decided', 1.5 * minute, [3, 5]],
    ['appended within the brokers’ skew of the second marker', 2 * minute + 9_999, [3, 5]],
    ['appended later than that', 2 * minute + 10_000, [5]],
    ['appended in the current one', 4 * minute, []],
  ])('of one %s', (_when, appendedAtMs, epochs) => {
    expect(epochsToCancel(generation, appendedAtMs)).toEqual(epochs);
  });

  it('oldest first, in whatever order the markers were read, so that cancels go on where they ended', () => {
    const startedEpochs = generation.startedEpochs.toReversed();
    expect(epochsToCancel({ epoch: 9, startedEpochs }, 0)).toEqual([3, 5]);
  });
});

describe('after a decision', () => {
  it('a reserved order is charged under its epoch, once earlier epochs cannot charge any more', () => {
    expect(afterDecision(generation, decided(reserved), order, 1.5 * minute)).toEqual({
      step: 'charge',
      paymentKey: 'r1:9',
      cancelFirst: ['r1:3', 'r1:5'],
    });
  });

  it('an order whose outcome is in the log needs nothing, whatever its state', () => {
    for (const record of [completed, failed('SOLD_OUT')]) {
      expect(afterDecision(generation, decided(record, true), order, 0)).toEqual({ step: 'done' });
    }
  });

  it('poison under the key of an order in progress changes nothing', () => {
    expect(afterDecision(generation, decided(reserved), undefined, 0)).toEqual({ step: 'done' });
  });

  it('what the store does not know goes to the log, and an unknown item waits for stock', () => {
    expect(afterDecision(generation, { kind: 'unsure', storeNowMs: 1 }, order, 0).step).toBe(
      'look-up-in-log',
    );
    expect(afterDecision(generation, { kind: 'unknown-item' }, order, 0).step).toBe('wait-for-stock');
    expect(afterDecision(generation, { kind: 'conflict' }, order, 0).step).toBe('bury-conflict');
  });
});

describe('after a charge', () => {
  it('only an approval completes, and nothing is settled while the outcome is unknown', () => {
    expect(afterCharge({ kind: 'approved', paymentId: 'p' }, false)).toEqual({
      step: 'settle',
      outcome: { state: 'COMPLETED', paymentId: 'p' },
    });
    const notPaid = (detail: string | null) => ({
      step: 'settle',
      outcome: { state: 'FAILED', reason: 'PAYMENT', detail },
    });
    expect(afterCharge({ kind: 'declined', code: 'card_expired' }, false)).toEqual(
      notPaid('declined: card_expired'),
    );
    expect(afterCharge({ kind: 'declined', code: null }, false)).toEqual(notPaid(null));
    expect(afterCharge({ kind: 'cancelled' }, false)).toEqual(notPaid(null));
    expect(afterCharge({ kind: 'unknown' }, false)).toEqual({ step: 'postpone' });
    expect(afterCharge({ kind: 'unknown' }, true)).toEqual(notPaid('no answer'));
    expect(afterCharge({ kind: 'approved', paymentId: 'p' }, true)).toMatchObject({ step: 'settle' });
  });
});

describe('after a settlement', () => {
  const cancelFirst = (record: OrderRecord, appendedAtMs: number): readonly string[] => {
    const next = afterSettlement(generation, { kind: 'settled', emitted: false, record }, appendedAtMs);
    return next.step === 'emit' ? next.emission.cancelFirst : [next.step];
  };

  it('a completed order keeps its charge; a failed one is cancelled wherever it may have been charged', () => {
    expect(cancelFirst(completed, 0)).toEqual([]);
    expect(cancelFirst(failed('SOLD_OUT'), 4 * minute)).toEqual([]);
    expect(cancelFirst(failed('SOLD_OUT'), 2.5 * minute)).toEqual(['r1:5']);
    for (const reason of ['PAYMENT', 'OTHER'] as const) {
      expect(cancelFirst(failed(reason), 2.5 * minute)).toEqual(['r1:5', 'r1:9']);
    }
  });

  it('a record that is gone or still reserved starts again', () => {
    expect(afterSettlement(generation, { kind: 'missing' }, 0)).toEqual({ step: 'start-again' });
    expect(cancelFirst(reserved, 0)).toEqual(['start-again']);
  });
});

describe('an outcome', () => {
  it('comes from the record alone, so that repeats are the same', () => {
    expect(outcomeEvent(completed, 9)).toEqual({
      type: 'OrderCompleted',
      request_id: 'r1',
      user_id: 'ann',
      item_id: 'shoe',
      amount: 2,
      epoch: 9,
      payment_id: 'p',
      completed_at: 7,
    });
    const refused = { state: 'FAILED', atMs: 7, key: 'r2', order: undefined } as const;
    expect(outcomeEvent({ ...refused, reason: 'UNPROCESSABLE', detail: 'why' }, 9)).toEqual({
      type: 'OrderFailed',
      request_id: 'r2',
      user_id: null,
      item_id: null,
      amount: null,
      epoch: 9,
      reason: 'UNPROCESSABLE',
      failed_at: 7,
      detail: 'why',
    });
  });
});
