"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.settleOrders = void 0;
const headers_1 = require("../schemas/headers");
const emit_outcomes_1 = require("./emit-outcomes");
const order_saga_1 = require("./order-saga");
const postpone_1 = require("./postpone");
const round_context_1 = require("./round-context");
/** Payments that end within this time of each other are settled by one call; the last one of a chunk waits for nobody. */
const gatherMs = 20;
/** Rule R8: what an earlier epoch may have charged is cancelled for good before this epoch charges. */
const cancelAndCharge = async (context, asked) => {
    const call = { endsAtMs: context.paymentsEndAtMs };
    const outcome = await context.finalCancels.cancel(asked.key, asked.cancelFirst, call);
    return outcome === 'unknown' ? { kind: 'unknown' } : chargeTraced(context, asked);
};
const chargeTraced = async ({ payment, paymentsEndAtMs }, asked) => {
    const { span, record } = asked.work;
    span?.event('reserved');
    const call = span?.child('POST /charges', 'client');
    const outcome = await payment.charge(asked.paymentKey, asked.order, {
        endsAtMs: paymentsEndAtMs,
        traceparent: call?.traceparent ?? (0, headers_1.traceparentIn)(record.headers),
    });
    call?.end({ 'flashsale.payment': outcome.kind });
    return outcome;
};
/** Mostly there is nothing to cancel and nothing to trace, and each promise less is 1 µs an order. */
const charge = (context, asked) => {
    if (asked.cancelFirst.length > 0)
        return cancelAndCharge(context, asked);
    if (asked.work.span)
        return chargeTraced(context, asked);
    return context.payment.charge(asked.paymentKey, asked.order, {
        endsAtMs: context.paymentsEndAtMs,
        traceparent: (0, headers_1.traceparentIn)(asked.work.record.headers),
    });
};
/** Charged orders as they come in: an order waits neither for the slowest payment of its chunk nor alone. */
class Charging {
    ready = [];
    left;
    wake = () => undefined;
    allIn = new AbortController();
    context;
    answered = 0;
    constructor(context, toCharge) {
        this.context = context;
        this.left = toCharge.length;
        for (const asked of toCharge) {
            void charge(context, asked).then((outcome) => this.take({ asked, next: (0, order_saga_1.afterCharge)(outcome) }));
        }
    }
    /** The next payments that have ended; none when all have been handed out. */
    async next() {
        if (this.ready.length === 0 && this.left > 0) {
            await new Promise((resolve) => {
                this.wake = resolve;
            });
        }
        if (this.left > 0)
            await this.context.clock.pause(gatherMs, this.allIn.signal);
        const ready = this.ready;
        this.ready = [];
        return ready;
    }
    take(charged) {
        this.left -= 1;
        if (charged.next.step === 'settle')
            this.answered += 1;
        this.ready.push(charged);
        if (this.left === 0)
            this.allIn.abort();
        this.wake();
    }
}
const settleRequests = (wave) => {
    const requests = [];
    for (const { asked, next } of wave) {
        if (next.step === 'settle')
            requests.push({ asked, order: asked.order, outcome: next.outcome });
    }
    return requests;
};
const settle = async (context, wave) => {
    const requests = settleRequests(wave);
    if (requests.length === 0)
        return [];
    const { connection, generation } = context.session;
    const startedAtMs = context.clock.nowMs();
    const settled = await connection.settle(generation.epoch, requests);
    context.observe.step('settle', context.clock.nowMs() - startedAtMs);
    if (settled === 'stale')
        return round_context_1.epochOver;
    context.atStep('after-settle');
    const toEmit = [];
    settled.forEach((answer, index) => {
        const request = requests[index];
        if (!request)
            return;
        const { work, key } = request.asked;
        const next = (0, order_saga_1.afterSettlement)(generation, answer, work.appendedAtMs);
        if (next.step === 'done')
            work.isDone = true;
        if (next.step === 'emit')
            toEmit.push({ work, key, emission: next.emission });
    });
    return toEmit;
};
/**
 * Charges reserved orders, many at once, and settles and emits them in waves as their payments end; `refused` need no
 * payment and are emitted meanwhile.
 */
const settleOrders = async (context, toCharge, refused) => {
    const charging = new Charging(context, toCharge);
    if ((await (0, emit_outcomes_1.emitOutcomes)(context, refused)) === round_context_1.epochOver)
        return round_context_1.epochOver;
    for (let wave = await charging.next(); wave.length > 0; wave = await charging.next()) {
        context.atStep('after-charge');
        const unknown = wave.filter(({ next }) => next.step === 'postpone').map(({ asked }) => asked);
        await (0, postpone_1.postpone)(context, unknown, charging.answered > 0);
        const toEmit = await settle(context, wave);
        if (toEmit === round_context_1.epochOver)
            return round_context_1.epochOver;
        if ((await (0, emit_outcomes_1.emitOutcomes)(context, toEmit)) === round_context_1.epochOver)
            return round_context_1.epochOver;
    }
    return 'went-through';
};
exports.settleOrders = settleOrders;
//# sourceMappingURL=settle-orders.js.map