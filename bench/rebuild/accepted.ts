import type { Redis } from 'ioredis';
import { acceptedOrderKey, type AcceptedOrder } from '../../schemas/accepted-order';
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
    const accepted: AcceptedOrder = {
      ...order,
      correlation_id: order.request_id,
      requested_at: Date.now(),
      position: { topic: topics.orderRequests.name, partition, offset },
    };
    const text = `bench\n${JSON.stringify(accepted)}`;
    pipeline.set(acceptedOrderKey(saleId, order.request_id), text, 'EX', keepSeconds);
  }
  await pipeline.exec();
};
