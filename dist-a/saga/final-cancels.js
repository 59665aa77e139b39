"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.FinalCancels = void 0;
/** Of one order's: a hundred epochs are four answers of the provider one after the other instead of a hundred. */
const atOnce = 32;
/** 10,000 orders take about 2 MB. One that is forgotten only begins with its first key again. */
const ordersMax = 10_000;
/**
 * Cancels of an order's earlier payment keys, from the first one on. Each rebuild that an order waits through adds one,
 * and an attempt has one budget: what is confirmed is final and never asked for again, so that every attempt comes
 * further. Were each to begin from nothing, an order that has more keys than a budget has time for would wait for ever.
 */
class FinalCancels {
    progress = new Map();
    payment;
    constructor(payment) {
        this.payment = payment;
    }
    /** `cancelled` when all of an order's `paymentKeys` are. */
    async cancel(orderKey, paymentKeys, call) {
        let confirmed = this.confirmedOf(orderKey, paymentKeys);
        while (confirmed < paymentKeys.length) {
            const some = paymentKeys.slice(confirmed, confirmed + atOnce);
            const outcomes = await Promise.all(some.map((paymentKey) => this.payment.cancel(paymentKey, call)));
            const firstUnknown = outcomes.indexOf('unknown');
            confirmed += firstUnknown === -1 ? some.length : firstUnknown;
            this.note(orderKey, { confirmed, last: paymentKeys[confirmed - 1] });
            if (firstUnknown !== -1)
                return 'unknown';
        }
        return 'cancelled';
    }
    confirmedOf(orderKey, paymentKeys) {
        const { confirmed, last } = this.progress.get(orderKey) ?? { confirmed: 0, last: undefined };
        return paymentKeys[confirmed - 1] === last ? confirmed : 0;
    }
    note(orderKey, progress) {
        this.progress.delete(orderKey);
        this.progress.set(orderKey, progress);
        if (this.progress.size <= ordersMax)
            return;
        const [oldest] = this.progress.keys();
        if (oldest !== undefined)
            this.progress.delete(oldest);
    }
}
exports.FinalCancels = FinalCancels;
//# sourceMappingURL=final-cancels.js.map