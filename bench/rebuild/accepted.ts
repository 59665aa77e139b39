import type { Redis } from 'ioredis';
import { acceptedOrderKey, acceptedRecord, orderPayload } from '../../schemas/accepted-order';
import { topics } from '../../schemas/topics';
import { orderOf } from '../order-events';

export interface Appended {
  readonly number: number;
  readonly partition: number;
  readonly offset: number;
}

const saleId = 'sale';
const keepSeconds = 900;

/** Leaves in Redis what the command API leaves of orders it accepted: readers find them there until the view has them. */
export const rememberAccepted = async (redis: Redis, appended: readonly Appended[]): Promise<void> => {
  const pipeline = redis.pipeline();
  for (const { number, partition, offset } of appended) {
    const order = orderOf(number);
    const text = acceptedRecord(orderPayload({ ...order, sales_channel: null }), {
      correlation_id: order.request_id,
      requested_at: Date.now(),
      position: { topic: topics.orderRequests.name, partition, offset },
    });
    pipeline.set(acceptedOrderKey(saleId, order.request_id), text, 'EX', keepSeconds);
  }
  await pipeline.exec();
};
