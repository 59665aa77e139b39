import type { PaymentProvider } from '../payment/provider';
import type { PaymentSimulator } from '../payment/simulator';
import type { Order } from '../ports';
import type { LogFaults } from './simulated-log';
import type { Actor, World } from './world';

/** Charges that a caller gave up on and that are still on their way to the provider. */
export type LateCharges = { readonly paymentKey: string; readonly order: Order }[];

/** One process' way to the payment provider: answers get lost, calls get lost, and some calls arrive late. */
export const connectPayment = (
  provider: PaymentSimulator,
  late: LateCharges,
  place: { readonly world: World; readonly actor: Actor; readonly faults: LogFaults },
): PaymentProvider => {
  const { world, actor, faults } = place;
  const isLost = (): boolean => faults.isOn() && faults.random.chance(0.06);
  return {
    charge: async (paymentKey, order) => {
      await world.turn(actor);
      if (isLost()) {
        if (faults.random.chance(0.5)) late.push({ paymentKey, order });
        return { kind: 'unknown' };
      }
      const outcome = provider.chargeNow(paymentKey, order);
      return isLost() ? { kind: 'unknown' } : outcome;
    },
    query: async (paymentKey) => {
      await world.turn(actor);
      if (isLost()) return { kind: 'unknown' };
      return provider.queryNow(paymentKey) ?? { kind: 'none' };
    },
    cancel: async (paymentKey) => {
      await world.turn(actor);
      if (isLost()) return { kind: 'unknown' };
      provider.cancelNow(paymentKey);
      return isLost() ? { kind: 'unknown' } : { kind: 'cancelled' };
    },
  };
};
