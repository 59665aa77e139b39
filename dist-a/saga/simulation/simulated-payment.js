"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.connectPayment = void 0;
/** One process' way to the payment provider: answers get lost, calls get lost, and some calls arrive late. */
const connectPayment = (provider, late, place) => {
    const { world, actor, faults } = place;
    const isLost = () => faults.isOn() && faults.random.chance(0.06);
    return {
        charge: async (paymentKey, order) => {
            await world.turn(actor);
            if (isLost()) {
                if (faults.random.chance(0.5))
                    late.push({ paymentKey, order });
                return { kind: 'unknown' };
            }
            const outcome = provider.chargeNow(paymentKey, order);
            return isLost() ? { kind: 'unknown' } : outcome;
        },
        query: async (paymentKey) => {
            await world.turn(actor);
            if (isLost())
                return { kind: 'unknown' };
            return provider.queryNow(paymentKey) ?? { kind: 'none' };
        },
        cancel: async (paymentKey) => {
            await world.turn(actor);
            if (isLost())
                return { kind: 'unknown' };
            provider.cancelNow(paymentKey);
            return isLost() ? { kind: 'unknown' } : { kind: 'cancelled' };
        },
    };
};
exports.connectPayment = connectPayment;
//# sourceMappingURL=simulated-payment.js.map