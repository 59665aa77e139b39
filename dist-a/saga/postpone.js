"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.postpone = void 0;
const postponed_order_1 = require("../schemas/postponed-order");
/**
 * Parks orders whose payment is unknown, so that their partition goes on. They stay as they are in the store and the
 * consumer of `payment-retries` takes the same steps. Not acknowledged: they stay undone here. That consumer itself
 * holds them while the provider answers nobody, instead of writing them round and round. As with outcomes (rule R6), what
 * is parked counts only when nobody has claimed a newer epoch by then: a rebuild reads the topic after its claim.
 */
const postpone = async (context, unknown, providerAnswers) => {
    if (unknown.length === 0)
        return;
    if (context.onUnknownPayment === 'hold' && !providerAnswers)
        return;
    const outcomes = await context.producer.sendAll(unknown.map(({ work }) => (0, postponed_order_1.toPostponedRecord)(work.record)));
    context.atStep('after-postpone');
    if ((await context.fence.newestClaim()) !== context.session.generation.epoch)
        return;
    const parked = unknown.filter((_, index) => outcomes[index]?.kind === 'acked');
    for (const { work } of parked)
        work.isDone = true;
    context.observe.postponed(parked.length);
};
exports.postpone = postpone;
//# sourceMappingURL=postpone.js.map