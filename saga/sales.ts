import type { ItemFollower } from '../schemas/follow-items';
import { saleStateAt } from '../schemas/sale';

/**
 * Whether an item was on sale at an instant of the log. It is a fact of two topics and not of when somebody asks, so a
 * redelivery, a rebuild and another process come to the same answer.
 */
export interface Sales {
  /** After it every change that was in the log at the time of the call counts. @throws InfrastructureError */
  catchUp(): Promise<void>;
  isOff(itemId: string, atMs: number): boolean;
}

/**
 * The command API opens a scheduled sale by its own clock, the saga by the brokers'. An order that was let in while the
 * brokers' clock was behind by up to this much is not refused for it.
 */
const openingSkewMs = 1_000;

export const salesOf = ({ ledger, ...follower }: ItemFollower): Sales => ({
  catchUp: () => follower.catchUp(),
  isOff: (itemId, atMs) => {
    const sale = ledger.saleAt(itemId, atMs);
    const state = saleStateAt(sale, atMs);
    return state === 'SCHEDULED' ? saleStateAt(sale, atMs + openingSkewMs) !== 'OPEN' : state !== 'OPEN';
  },
});
