"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.findOutcome = exports.ruleOnCharge = exports.orderOfPaymentKey = void 0;
const topics_1 = require("../schemas/topics");
const partitioner_1 = require("../chassis/kafka/partitioner");
const order_saga_1 = require("./order-saga");
const stock_fold_1 = require("./stock-fold");
/** `<order key>:<epoch>` taken apart; undefined for what is no payment key. */
const orderOfPaymentKey = (paymentKey) => /^(.+):\d{1,15}$/s.exec(paymentKey)?.[1];
exports.orderOfPaymentKey = orderOfPaymentKey;
/**
 * Only a terminal order's charge may be given back, and never the one that pays for it: an order that is not decided may
 * still be completed, and then it would be sold without a charge.
 */
const ruleOnCharge = (paymentKey, outcome) => {
    if (outcome === undefined) {
        return { kind: 'refused', why: 'the log has no decision of this order, and its charge may be under way' };
    }
    const paysFor = (0, order_saga_1.paymentKeyOf)(outcome.request_id, outcome.epoch);
    if (outcome.type === 'OrderCompleted' && paysFor === paymentKey) {
        return { kind: 'refused', why: 'the order is completed and this charge pays for it' };
    }
    return { kind: 'give-back', status: outcome.type === 'OrderCompleted' ? 'COMPLETED' : 'FAILED' };
};
exports.ruleOnCharge = ruleOnCharge;
const topic = topics_1.topics.orderOutcomes.name;
/**
 * The first valid outcome of an order, read from its whole partition: a second for a million outcomes, which an operator
 * has. @throws InfrastructureError when the log does not answer.
 */
const findOutcome = async ({ reader, admin, codec }, orderKey) => {
    const ranges = await admin.ranges(topic);
    const own = (0, partitioner_1.partitionOf)(orderKey, ranges.length);
    let newestMarker = -1;
    let found;
    const take = ({ value }) => {
        const decoded = codec.decode(topic, value);
        if (decoded.kind !== 'event')
            return;
        const { event } = decoded;
        if (event.type === 'EpochStarted')
            newestMarker = Math.max(newestMarker, event.epoch);
        if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed')
            return;
        if (event.request_id === orderKey && !(0, stock_fold_1.isVoid)(event, newestMarker))
            found ??= event;
    };
    await reader.read({
        topic,
        from: new Map(ranges.map(({ partition, low, high }) => [partition, partition === own ? low : high])),
        to: new Map(ranges.map(({ partition, high }) => [partition, high])),
        onRecords: (records) => records.forEach(take),
        withHeaders: false,
    });
    return found;
};
exports.findOutcome = findOutcome;
//# sourceMappingURL=charge-ruling.js.map