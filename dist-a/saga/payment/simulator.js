"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.PaymentSimulator = exports.decliningBuyerPrefix = void 0;
const node_crypto_1 = require("node:crypto");
const event_id_1 = require("../../schemas/event-id");
/** Buyers whose cards the simulator declines, as providers have numbers of cards for tests. */
exports.decliningBuyerPrefix = 'declined-';
const declined = { kind: 'declined', code: 'card_declined' };
/** A number from 0 to 1 that depends on the text alone. */
const share = (text) => parseInt((0, node_crypto_1.hash)('sha1', text, 'hex').slice(0, 8), 16) / 0x1_0000_0000;
/**
 * A payment provider that keeps its word: one outcome per key, a final cancel, and a journal. Faults are drawn from the
 * seed, so that a run can be repeated. While `isOut` it answers nobody and does nothing.
 */
class PaymentSimulator {
    isOut = false;
    settings;
    clock;
    write;
    known = new Map();
    calls = 0;
    constructor(settings, clock, write = () => undefined) {
        this.settings = settings;
        this.clock = clock;
        this.write = write;
    }
    charge(paymentKey, order, call) {
        if (this.isOut)
            return this.silence(call);
        return this.answer(this.chargeNow(paymentKey, order), call);
    }
    async query(paymentKey, call) {
        if (this.isOut)
            return this.silence(call);
        return this.answer(this.known.get(paymentKey) ?? { kind: 'none' }, call);
    }
    async cancel(paymentKey, call) {
        if (this.isOut)
            return this.silence(call);
        this.cancelNow(paymentKey);
        return this.answer({ kind: 'cancelled' }, call);
    }
    /** The effect without latency and lost answers. */
    chargeNow(paymentKey, order) {
        const before = this.known.get(paymentKey);
        if (before)
            return before;
        const outcome = this.decide(paymentKey, order);
        this.known.set(paymentKey, outcome);
        if (outcome.kind === 'approved') {
            const { paymentId } = outcome;
            this.write({ op: 'charged', key: paymentKey, requestId: order.key, amount: order.amount, paymentId });
        }
        else {
            this.write({ op: 'declined', key: paymentKey, requestId: order.key });
        }
        return outcome;
    }
    cancelNow(paymentKey) {
        const before = this.known.get(paymentKey);
        if (before?.kind === 'cancelled')
            return;
        this.known.set(paymentKey, { kind: 'cancelled' });
        this.write({ op: 'cancelled', key: paymentKey, wasCharged: before?.kind === 'approved' });
    }
    queryNow(paymentKey) {
        return this.known.get(paymentKey);
    }
    /** Takes back what an earlier process wrote to the journal. */
    restore(entry) {
        switch (entry.op) {
            case 'charged':
                this.known.set(entry.key, { kind: 'approved', paymentId: entry.paymentId });
                return;
            case 'declined':
                this.known.set(entry.key, declined);
                return;
            case 'cancelled':
                this.known.set(entry.key, { kind: 'cancelled' });
                return;
        }
    }
    decide(paymentKey, { key, userId }) {
        const { seed, declineRate } = this.settings;
        if (userId.startsWith(exports.decliningBuyerPrefix))
            return declined;
        if (declineRate > 0 && share(`${seed} decline ${key}`) < declineRate)
            return declined;
        return { kind: 'approved', paymentId: (0, event_id_1.uuidV5)(`${paymentKey}:payment`) };
    }
    /** Delivers an answer after its latency, or loses it. */
    answer(outcome, call) {
        const { latencyMs, timeoutRate } = this.settings;
        return latencyMs === 0 && timeoutRate === 0 ? Promise.resolve(outcome) : this.answerLate(outcome, call);
    }
    async answerLate(outcome, call) {
        const { seed, latencyMs, timeoutRate } = this.settings;
        this.calls += 1;
        const isLost = timeoutRate > 0 && share(`${seed} timeout ${this.calls}`) < timeoutRate;
        if (isLost || latencyMs > this.patienceMs(call))
            return this.silence(call);
        if (latencyMs > 0)
            await this.clock.pause(latencyMs);
        return outcome;
    }
    patienceMs(call) {
        return Math.min(this.settings.timeoutMs, call?.withinMs ?? Infinity);
    }
    async silence(call) {
        await this.clock.pause(this.patienceMs(call));
        return { kind: 'unknown' };
    }
}
exports.PaymentSimulator = PaymentSimulator;
//# sourceMappingURL=simulator.js.map