import { currentKey, generationPrefix } from '../../schemas/stock-keys';
import type { Order } from '../ports';

/**
 * Redis keys of a sale. The hash tag puts all of them in one slot, so that one script may touch them on a cluster:
 * one sale lives on one primary. Everything of a generation carries its epoch, so that a late command of a dead
 * generation touches nothing alive.
 */
export interface Keys {
  readonly current: string;
  readonly lease: string;
  readonly generation: (epoch: number) => string;
  readonly adjusted: (epoch: number) => string;
  readonly commands: (epoch: number) => string;
  readonly items: (epoch: number) => string;
  readonly stock: (epoch: number, itemId: string) => string;
  readonly order: (epoch: number, key: string) => string;
  readonly buyer: (epoch: number, order: Pick<Order, 'itemId' | 'userId'>) => string;
}

export const keysOf = (saleId: string): Keys => {
  const sale = `{${saleId}}`;
  /** A chunk of orders asks for the same one a thousand times. */
  let last = { epoch: -1, prefix: '' };
  const generation = (epoch: number): string => {
    if (last.epoch !== epoch) last = { epoch, prefix: generationPrefix(saleId, epoch) };
    return last.prefix;
  };
  return {
    current: currentKey(saleId),
    lease: `${sale}:reconciler`,
    generation,
    adjusted: (epoch) => `${generation(epoch)}adjusted`,
    commands: (epoch) => `${generation(epoch)}commands`,
    items: (epoch) => `${generation(epoch)}items`,
    stock: (epoch, itemId) => `${generation(epoch)}stock:${itemId}`,
    order: (epoch, key) => `${generation(epoch)}order:${key}`,
    buyer: (epoch, { itemId, userId }) => `${generation(epoch)}buyer:${itemId}:${userId}`,
  };
};
