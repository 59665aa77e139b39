"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createBudgetedPayment = void 0;
const deadline_1 = require("../../chassis/deadline");
const backoffBaseMs = 50;
const backoffMaxMs = 1_000;
/** A counting semaphore; waiters are served in their order, and sent away when their time is over. */
class Turns {
    free;
    waiting = [];
    constructor(count) {
        this.free = count;
    }
    takeNow() {
        if (this.free === 0)
            return false;
        this.free -= 1;
        return true;
    }
    /** True when it is the caller's turn; false when nobody gave one before `endsAtMs`. */
    next(endsAtMs) {
        return new Promise((decide) => this.waiting.push({ endsAtMs, decide }));
    }
    give(nowMs) {
        for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
            const isInTime = next.endsAtMs > nowMs;
            next.decide(isInTime);
            if (isInTime)
                return;
        }
        this.free += 1;
    }
}
/** A charge that gave no answer is asked about before it is tried again, always under the same key. */
const chargeAgain = async (provider, key, order, callNow) => {
    const found = await provider.query(key, callNow());
    if (found.kind === 'unknown')
        return undefined;
    if (found.kind !== 'none')
        return found;
    const call = callNow();
    if (call.withinMs <= 0)
        return undefined;
    const charged = await provider.charge(key, order, call);
    return charged.kind === 'unknown' ? undefined : charged;
};
/**
 * A provider's single attempts made into a charge and a cancel that try until they know or their budget is spent. An
 * unknown charge is asked about before it is tried again, always under the same key.
 */
const createBudgetedPayment = (provider, budget, clock, random = Math.random) => {
    const turns = new Turns(budget.inFlightMax);
    let inFlight = 0;
    /** `late` when its turn does not come in time. */
    const inTurn = async (late, endsAtMs, work) => {
        if (clock.nowMs() >= endsAtMs)
            return late;
        if (!turns.takeNow() && !(await turns.next(endsAtMs)))
            return late;
        inFlight += 1;
        try {
            return await work();
        }
        finally {
            inFlight -= 1;
            turns.give(clock.nowMs());
        }
    };
    /** Repeats what gave no answer, until it knows; `undefined` when the budget is spent. */
    const persist = async (attempt, endsAtMs) => {
        for (let tries = 0;; tries += 1) {
            const waitMs = backoffBaseMs / 2 + (0, deadline_1.backoffMs)(tries, backoffBaseMs, backoffMaxMs, random);
            if (clock.nowMs() + waitMs >= endsAtMs)
                return undefined;
            await clock.pause(waitMs);
            const known = await attempt();
            if (known !== undefined)
                return known;
        }
    };
    /** No call outlasts the budget: two that did, 2 s each behind 4 + 8 s, met the stall watchdog at 15 s. */
    const callNow = ({ endsAtMs, traceparent }) => ({
        withinMs: endsAtMs - clock.nowMs(),
        traceparent,
    });
    const charge = (key, order, call) => inTurn({ kind: 'unknown' }, call.endsAtMs, async () => {
        const first = await provider.charge(key, order, callNow(call));
        if (first.kind !== 'unknown')
            return first;
        const again = () => chargeAgain(provider, key, order, () => callNow(call));
        return (await persist(again, call.endsAtMs)) ?? first;
    });
    const cancelOnce = async (key, call) => (await provider.cancel(key, callNow(call))).kind === 'cancelled' ? 'cancelled' : undefined;
    const cancel = (key, call) => inTurn('unknown', call.endsAtMs, async () => (await cancelOnce(key, call)) ??
        (await persist(() => cancelOnce(key, call), call.endsAtMs)) ??
        'unknown');
    return {
        budgetEndMs: () => clock.nowMs() + budget.budgetMs,
        charge,
        cancel,
        inFlight: () => inFlight,
    };
};
exports.createBudgetedPayment = createBudgetedPayment;
//# sourceMappingURL=budgeted-payment.js.map