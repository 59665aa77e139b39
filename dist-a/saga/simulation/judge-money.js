"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.judgeMoney = void 0;
/** Amounts of the charges that were not given back, by order. */
const netCharges = (journal) => {
    const charged = new Map();
    for (const entry of journal) {
        if (entry.op === 'charged')
            charged.set(entry.key, entry);
        if (entry.op === 'cancelled')
            charged.delete(entry.key);
    }
    const net = new Map();
    for (const { requestId, amount } of charged.values())
        net.set(requestId, [...(net.get(requestId) ?? []), amount]);
    return net;
};
/** One net charge of the order's amount if and only if it is completed. */
const judgeMoney = ({ outcomes }, journal) => {
    const net = netCharges(journal);
    const undecided = [...net.keys()].filter((key) => !outcomes.has(key));
    const decided = [...outcomes].flatMap(([key, outcome]) => {
        const charges = net.get(key) ?? [];
        if (outcome.type === 'OrderFailed')
            return charges.length > 0 ? ['charged-failed'] : [];
        if (charges.length > 1)
            return ['double-charge'];
        if (charges.length === 0)
            return ['refunded-completed'];
        return charges[0] === outcome.amount ? [] : ['wrong-amount'];
    });
    return [...undecided.map(() => 'charged-undecided'), ...decided];
};
exports.judgeMoney = judgeMoney;
//# sourceMappingURL=judge-money.js.map