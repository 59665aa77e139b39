import { withDeadline } from '../chassis/deadline';
import type { RedisClient } from '../chassis/redis';
import { currentKey, stockKey } from '../schemas/stock-keys';
import type { Committed } from './admin-commands';

const deadlineMs = 1_000;

/**
 * What is sold and reserved of an item, as the stock store has it now: the view is behind by what the projector has to do.
 * An item that the open generation does not know has no buyers. Undefined when nobody can say: the store is away, or is
 * being rebuilt.
 */
export const readCommitted = async (
  redis: RedisClient,
  saleId: string,
  itemId: string,
): Promise<Committed | undefined> => {
  const ask = async (): Promise<Committed | undefined> => {
    const [epoch, open] = await redis.hmget(currentKey(saleId), 'epoch', 'open');
    if (typeof epoch !== 'string' || open !== '1') return undefined;
    const [sold, reserved] = await redis.hmget(stockKey(saleId, epoch, itemId), 'sold', 'reserved');
    return { sold: Number(sold ?? 0), reserved: Number(reserved ?? 0) };
  };
  return withDeadline(ask(), deadlineMs, 'the stock store').catch(() => undefined);
};
