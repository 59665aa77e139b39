"use strict";
/** What the demo's buyers will do, made from a seed so that a run can be repeated. Pure. */
Object.defineProperty(exports, "__esModule", { value: true });
exports.makePlan = exports.seededRandom = void 0;
const simulator_1 = require("../../saga/payment/simulator");
/** Stock as a share of the demand to be expected: the first two sell out, the last two do not. */
const catalogue = [
    { name: 'sneaker', demandShare: 0.4, stockShare: 0.15 },
    { name: 'jacket', demandShare: 0.3, stockShare: 0.5 },
    { name: 'cap', demandShare: 0.2, stockShare: 1.5 },
    { name: 'poster', demandShare: 0.1, stockShare: 3 },
];
const amountMean = 1.5;
const repeatShare = 0.05;
const faultyShare = 0.02;
/** Buyers whose cards are declined. */
const decliningShare = 0.05;
/** mulberry32: small, seeded and good enough to shuffle buyers. */
const seededRandom = (seed) => {
    let state = seed | 0;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
};
exports.seededRandom = seededRandom;
const buyerOf = (buyers, random) => {
    const number = Math.floor(random() * buyers);
    return number < buyers * decliningShare ? `${simulator_1.decliningBuyerPrefix}${number}` : `buyer-${number}`;
};
const pickItem = (items, random) => {
    let left = random();
    const index = catalogue.findIndex(({ demandShare }) => (left -= demandShare) < 0);
    const item = items[Math.max(0, index)];
    if (!item)
        throw new Error('the catalogue is empty');
    return item;
};
const faulty = (body, random) => {
    const faults = [
        { amount: 0 },
        { amount: 'two' },
        { user_id: 'no spaces allowed' },
        { item_id: '' },
        { coupon: 'FREE' },
    ];
    return {
        ...body,
        request_id: `${body.request_id}-faulty`,
        ...faults[Math.floor(random() * faults.length)],
    };
};
const makePlan = (options) => {
    const random = (0, exports.seededRandom)(options.seed);
    const items = catalogue.map(({ name, demandShare, stockShare }) => ({
        itemId: `${name}-${options.runId}`,
        stocked: Math.ceil(options.orders * amountMean * demandShare * stockShare),
    }));
    const presses = [];
    for (let index = 0; index < options.orders; index += 1) {
        const body = {
            user_id: buyerOf(options.buyers, random),
            item_id: pickItem(items, random).itemId,
            amount: random() < 0.5 ? 1 : 2,
            request_id: `${options.runId}-${index}`,
        };
        presses.push({ kind: 'buy', body });
        if (random() < repeatShare)
            presses.push({ kind: 'repeat', body });
        if (random() < faultyShare)
            presses.push({ kind: 'faulty', body: faulty(body, random) });
    }
    return { items, presses, orders: options.orders };
};
exports.makePlan = makePlan;
//# sourceMappingURL=plan.js.map