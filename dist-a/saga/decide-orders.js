"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.decideOrders = void 0;
const bury_1 = require("./bury");
const order_saga_1 = require("./order-saga");
const order_work_1 = require("./order-work");
const round_context_1 = require("./round-context");
/** An order is decided at first, again after a look into the log, and again after waiting for stock. */
const passesMax = 3;
/**
 * The step must fit the decision it was made from; anything else is a bug. Members are named one by one: an object that
 * begins with a spread costs 8 µs in Node 20, more than all the rest that is done for an order here.
 */
const sortOne = ({ work, key }, decision, step, into) => {
    switch (step.step) {
        case 'done':
            work.isDone = true;
            return;
        case 'emit':
            into.toEmit.push({ work, key, emission: step.emission });
            return;
        case 'charge':
            if (!work.order)
                return;
            into.toCharge.push({
                work,
                key,
                order: work.order,
                paymentKey: step.paymentKey,
                cancelFirst: step.cancelFirst,
            });
            return;
        case 'bury-conflict':
            into.conflicts.push({ work, key });
            return;
        case 'wait-for-stock':
            into.withoutStock.push({ work, key });
            return;
        case 'look-up-in-log':
            if (decision.kind === 'unsure')
                into.unsure.push({ work, key, storeNowMs: decision.storeNowMs });
            return;
    }
};
/** Asks the store, and the log whether this epoch is still the newest: a charge must not begin when it is not. */
const ask = async (context, asked) => {
    const { connection, generation } = context.session;
    const startedAtMs = context.clock.nowMs();
    const requests = asked.map(({ work, key }) => (0, order_work_1.decideRequest)(work, key));
    const [decisions, newestClaim] = await Promise.all([
        connection.decide(generation.epoch, requests, context.memory),
        context.fence.newestClaim(),
    ]);
    context.observe.step('decide', context.clock.nowMs() - startedAtMs);
    context.atStep('after-decide');
    return decisions === 'stale' || newestClaim !== generation.epoch ? round_context_1.epochOver : decisions;
};
/** Repeats within the chunk are conflicts of their own, each with its place in the log. */
const buryConflicts = async (context, conflicts) => {
    const why = { reason: 'CONFLICT', detail: 'the key was decided with another payload' };
    const burials = conflicts.flatMap(({ work }) => [work.record, ...work.repeats].map((record) => ({ work, record, ...why })));
    const isAcked = await (0, bury_1.bury)(context, burials);
    const failed = new Set(burials.filter((_, index) => isAcked[index] !== true).map(({ work }) => work));
    for (const { work } of conflicts)
        work.isDone = !failed.has(work);
};
const lookUpInLog = async (context, unsure) => {
    if (unsure.length === 0)
        return [];
    const storeNowMs = Math.max(...unsure.map((it) => it.storeNowMs));
    const asked = unsure.map(({ work, key }) => ({ key, order: work.order }));
    const answers = await context.decidedInLog.lookUp(asked, storeNowMs);
    const conflicts = [];
    const again = unsure.filter((it, index) => {
        const answer = answers[index];
        if (answer?.kind === 'absent') {
            it.work.absentThroughMs = answer.throughMs;
            return true;
        }
        if (answer?.samePayload === false)
            conflicts.push(it);
        else
            it.work.isDone = true;
        return false;
    });
    await buryConflicts(context, conflicts);
    return again;
};
const waitForStock = async (context, withoutStock) => {
    if (withoutStock.length === 0)
        return [];
    await context.catchUpWithStock(context.session);
    for (const { work } of withoutStock)
        work.stockIsCurrent = true;
    return withoutStock;
};
/**
 * Gets a recorded decision for every order, and does what may be done at once: marks what needs nothing more and
 * buries conflicts. What is left must be charged or written to the log.
 */
const decideOrders = async (context, works) => {
    const decided = { toCharge: [], toEmit: [] };
    let asked = works;
    for (let pass = 0; pass < passesMax && asked.length > 0; pass += 1) {
        const decisions = await ask(context, asked);
        if (decisions === round_context_1.epochOver)
            return round_context_1.epochOver;
        const sorted = {
            toCharge: decided.toCharge,
            toEmit: decided.toEmit,
            conflicts: [],
            unsure: [],
            withoutStock: [],
        };
        asked.forEach((it, index) => {
            const decision = decisions[index];
            if (!decision)
                return;
            const step = (0, order_saga_1.afterDecision)(context.session.generation, decision, it.work.order, it.work.appendedAtMs);
            sortOne(it, decision, step, sorted);
        });
        if (sorted.conflicts.length > 0)
            await buryConflicts(context, sorted.conflicts);
        const again = await lookUpInLog(context, sorted.unsure);
        asked = [...again, ...(await waitForStock(context, sorted.withoutStock))];
    }
    return decided;
};
exports.decideOrders = decideOrders;
//# sourceMappingURL=decide-orders.js.map