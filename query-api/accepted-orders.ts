import { withDeadline } from '../chassis/deadline';
import type { RedisClient } from '../chassis/redis';
import { acceptedOrderKey, readAcceptedOrder, type AcceptedOrder } from '../schemas/accepted-order';

/** What is not there in this time is treated as away: the log itself can answer as well, only slower. */
const answerWithinMs = 250;

export type AcceptedFinding = AcceptedOrder | 'none' | 'unavailable';

/** What the command API remembers of an order, for as long as Redis keeps it. Never rejects. */
export const findAccepted = async (
  redis: Pick<RedisClient, 'status' | 'get'>,
  saleId: string,
  key: string,
): Promise<AcceptedFinding> => {
  if (redis.status !== 'ready') return 'unavailable';
  try {
    const record = await withDeadline(
      redis.get(acceptedOrderKey(saleId, key)),
      answerWithinMs,
      'the accepted order',
    );
    return (record === null ? undefined : readAcceptedOrder(key, record)) ?? 'none';
  } catch {
    return 'unavailable';
  }
};
