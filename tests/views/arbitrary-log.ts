import fc from 'fast-check';
import { WrittenLog } from './written-log';

/** One thing that a service, a retry, a zombie or a stranger may write. */
export type Written =
  | { readonly kind: 'request'; readonly order: number; readonly amount: number; readonly item: number }
  | { readonly kind: 'completed'; readonly order: number; readonly epoch: number }
  | { readonly kind: 'failed'; readonly order: number; readonly epoch: number }
  | { readonly kind: 'marker'; readonly partition: number; readonly epoch: number }
  | {
      readonly kind: 'poison';
      readonly partition: number;
      readonly topic: 'order-requests' | 'order-outcomes';
    };

const order = fc.nat({ max: 7 });
const epoch = fc.nat({ max: 4 });
const partition = fc.nat({ max: 1 });

const written: fc.Arbitrary<Written> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('request' as const),
      order,
      amount: fc.integer({ min: 1, max: 3 }),
      item: fc.nat({ max: 1 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('completed' as const), order, epoch }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('failed' as const), order, epoch }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('marker' as const), partition, epoch }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('poison' as const),
      partition,
      topic: fc.constantFrom('order-requests' as const, 'order-outcomes' as const),
    }),
  },
);

export const arbitraryLog: fc.Arbitrary<readonly Written[]> = fc.array(written, { maxLength: 60 });

/** Writes it all; an order's key decides its partition, as the producer's partitioner does. */
export const writeLog = (all: readonly Written[]): WrittenLog => {
  const log = new WrittenLog();
  for (const one of all) writeOne(log, one);
  return log;
};

const writeOne = (log: WrittenLog, one: Written): void => {
  switch (one.kind) {
    case 'marker':
      log.event('order-outcomes', one.partition, { type: 'EpochStarted', epoch: one.epoch, started_at: 1 });
      return;
    case 'poison':
      log.raw(one.topic, one.partition, {
        key: Buffer.from('poison'),
        value: Buffer.from('??'),
        headers: {},
      });
      return;
    case 'request':
    case 'completed':
    case 'failed':
      writeOrder(log, one);
  }
};

const writeOrder = (log: WrittenLog, one: Extract<Written, { readonly order: number }>): void => {
  const id = `order-${one.order}`;
  const place = one.order % 2;
  const common = { request_id: id, user_id: `user-${one.order % 3}` };
  switch (one.kind) {
    case 'request': {
      const { amount, item } = one;
      const asked = { ...common, item_id: `item-${item}`, amount, requested_at: 1_000, sales_channel: null };
      log.event('order-requests', place, { type: 'OrderRequested', ...asked }, id);
      return;
    }
    case 'completed': {
      const sold = { ...common, item_id: 'item-0', amount: 2, epoch: one.epoch };
      const event = { type: 'OrderCompleted', ...sold, payment_id: 'p', completed_at: 2_000 } as const;
      log.event('order-outcomes', place, event, id);
      return;
    }
    case 'failed': {
      const lost = { ...common, item_id: 'item-1', amount: 2, epoch: one.epoch, detail: null };
      const event = { type: 'OrderFailed', ...lost, reason: 'SOLD_OUT', failed_at: 2_000 } as const;
      log.event('order-outcomes', place, event, id);
    }
  }
};
