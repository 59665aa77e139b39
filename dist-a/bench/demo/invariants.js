"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.judge = void 0;
const statusOf = (outcome) => outcome.type === 'OrderCompleted' ? 'COMPLETED' : `FAILED_${outcome.reason}`;
const firstOutcomes = (outcomes) => {
    const first = new Map();
    for (const outcome of outcomes)
        if (!first.has(outcome.request_id))
            first.set(outcome.request_id, outcome);
    return first;
};
const everyAcceptanceIsLogged = ({ orders, log }) => {
    const logged = new Map(log.requests.map((request) => [request.request_id, request]));
    return orders.flatMap(({ body }) => {
        const request = logged.get(body.request_id);
        if (!request)
            return [`${body.request_id} was answered 202 and is not in the log`];
        const same = request.user_id === body.user_id && request.item_id === body.item_id && request.amount === body.amount;
        return same ? [] : [`${body.request_id} is in the log with another content`];
    });
};
const nothingElseIsLogged = ({ orders, unsure, log }) => {
    const accepted = new Set(orders.map(({ body }) => body.request_id));
    return log.requests
        .filter(({ request_id: id }) => !accepted.has(id) && !unsure.has(id))
        .map((request) => `${request.request_id} is in the log although nobody was told so`);
};
const everyOrderIsTerminalOnce = ({ orders, log }) => {
    const first = firstOutcomes(log.outcomes);
    const contradicting = log.outcomes.filter((outcome) => {
        const standing = first.get(outcome.request_id);
        return standing !== undefined && statusOf(standing) !== statusOf(outcome);
    });
    return [
        ...orders
            .filter(({ body }) => !first.has(body.request_id))
            .map(({ body }) => `${body.request_id} has no terminal event in the log`),
        ...contradicting.map((outcome) => `${outcome.request_id} has two terminal events that disagree`),
    ];
};
const theStatusShownIsTheLogs = ({ orders, log }) => {
    const first = firstOutcomes(log.outcomes);
    return orders.flatMap(({ body, status }) => {
        const outcome = first.get(body.request_id);
        return outcome === undefined || statusOf(outcome) === status
            ? []
            : [`${body.request_id} was shown as ${status}, the log says ${statusOf(outcome)}`];
    });
};
const soldUnits = (itemId, log) => {
    let units = 0;
    for (const outcome of firstOutcomes(log.outcomes).values())
        if (outcome.type === 'OrderCompleted' && outcome.item_id === itemId)
            units += outcome.amount;
    return units;
};
/** Also the other direction: units must not lie idle while buyers who asked for one unit were told "sold out". */
const nothingIsOversoldOrLeaks = ({ items, shown, log }) => items.flatMap(({ itemId, stocked }) => {
    const sold = soldUnits(itemId, log);
    const row = shown.find((item) => item.itemId === itemId);
    const shows = row && row.stocked === stocked && row.sold === sold && row.pending === 0;
    return [
        ...(sold > stocked ? [`${itemId}: sold ${sold} of ${stocked}`] : []),
        ...(shows
            ? []
            : [`${itemId}: the view shows ${JSON.stringify(row)}, the log says ${sold} of ${stocked} sold`]),
    ];
});
const chargedIfAndOnlyIfCompleted = ({ orders, log, charges }) => {
    const first = firstOutcomes(log.outcomes);
    return orders.flatMap(({ body }) => {
        const wanted = first.get(body.request_id)?.type === 'OrderCompleted' ? 1 : 0;
        const charged = charges?.get(body.request_id) ?? 0;
        return charged === wanted ? [] : [`${body.request_id}: ${charged} net charges, ${wanted} wanted`];
    });
};
/** The invariants of the design, judged on what the buyers saw, the log, the views and the payment journal. */
const judge = (evidence) => [
    { name: 'every 202 is in the log, as sent', violations: everyAcceptanceIsLogged(evidence) },
    { name: 'nothing else is in the log', violations: nothingElseIsLogged(evidence) },
    { name: 'every order has exactly one outcome', violations: everyOrderIsTerminalOnce(evidence) },
    { name: 'every status shown is the log’s', violations: theStatusShownIsTheLogs(evidence) },
    { name: 'nothing is oversold, no unit leaks', violations: nothingIsOversoldOrLeaks(evidence) },
    {
        name: 'charged once if and only if completed',
        violations: evidence.charges === undefined ? [] : chargedIfAndOnlyIfCompleted(evidence),
        ...(evidence.charges === undefined
            ? { notChecked: 'the payment provider keeps no readable journal' }
            : {}),
    },
    {
        name: 'no order ended in the dead letters',
        violations: evidence.log.deadLetters === 0 ? [] : [`${evidence.log.deadLetters} dead letters`],
    },
];
exports.judge = judge;
//# sourceMappingURL=invariants.js.map