"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createOrderHandler = void 0;
const log_1 = require("../chassis/kafka/log");
const bury_1 = require("./bury");
const decide_orders_1 = require("./decide-orders");
const final_cancels_1 = require("./final-cancels");
const order_trace_1 = require("./order-trace");
const order_work_1 = require("./order-work");
const round_context_1 = require("./round-context");
const settle_orders_1 = require("./settle-orders");
/** A closed gate: shorter than the consumer's patience, so that the partition backs off and keeps its membership. */
const gateWaitMs = 2_000;
/** Rounds in which nothing gets done, after a loss of the store or a lost answer; then the chunk is handed over again. */
const fruitlessMax = 3;
/** No new round after this; with one payment budget of 10 s at most on top it stays below the consumer's stall watchdog of 15 s. */
const chunkBudgetMs = 4_000;
/** Poison is in the dead-letter topic before anything is written under its key; without a key that is all. */
const buryPoison = async (context, works) => {
    const poison = works
        .filter((work) => work.burial !== undefined)
        .flatMap((work) => (work.burial ? [{ work, record: work.record, ...work.burial }] : []));
    const isAcked = poison.length > 0 ? await (0, bury_1.bury)(context, poison) : [];
    poison.forEach(({ work }, index) => {
        if (isAcked[index] !== true)
            return;
        work.burial = undefined;
        if (work.key === undefined)
            work.isDone = true;
    });
    const keyed = [];
    for (const work of works) {
        if (!work.burial && work.key !== undefined)
            keyed.push({ work, key: work.key });
    }
    return keyed;
};
const runRound = async (context, works) => {
    const keyed = await buryPoison(context, works);
    const decided = await (0, decide_orders_1.decideOrders)(context, keyed);
    if (decided === round_context_1.epochOver)
        return round_context_1.epochOver;
    if (context.signal.aborted)
        return 'went-through';
    return (0, settle_orders_1.settleOrders)(context, decided.toCharge, decided.toEmit);
};
const tryRound = async (parts, works, signal) => {
    const session = await parts.gate.session(gateWaitMs, signal);
    try {
        const paymentsEndAtMs = parts.payment.budgetEndMs();
        const end = await runRound({ ...parts, session, signal, paymentsEndAtMs }, works);
        if (end === round_context_1.epochOver)
            parts.gate.suspect(session);
        return undefined;
    }
    catch (error) {
        if (!(error instanceof log_1.InfrastructureError))
            throw error;
        parts.gate.suspect(session);
        return error;
    }
};
/** Rounds until everything is done, or nothing more comes of it now. Returns why something is left, if it is known. */
const runRounds = async (parts, chunk, signal) => {
    const startedAtMs = parts.clock.nowMs();
    let trouble;
    for (let fruitless = 0; fruitless < fruitlessMax;) {
        const works = (0, order_work_1.nextWorks)(chunk);
        if (works.length === 0 || signal.aborted)
            return trouble;
        trouble = (await tryRound(parts, works, signal)) ?? trouble;
        if (!works.some((work) => work.isDone))
            fruitless += 1;
        if (parts.clock.nowMs() - startedAtMs > chunkBudgetMs)
            return trouble;
    }
    return trouble;
};
/**
 * Brings a chunk of requests to their outcomes and returns how many, counted from the first, are done for good. It
 * may be called again with any of them, at any time, by any process: what was decided stands.
 * @throws InfrastructureError when not even the first could be done because a server does not answer.
 */
const createOrderHandler = (parts) => {
    const handling = { ...parts, finalCancels: new final_cancels_1.FinalCancels(parts.payment) };
    return async (records, signal) => {
        const startedAtMs = parts.clock.nowMs();
        const [chunk] = await Promise.all([(0, order_work_1.readChunk)(parts.codec, records), parts.sales.catchUp()]);
        for (const work of chunk.works) {
            work.isOffSale = work.order !== undefined && parts.sales.isOff(work.order.itemId, work.appendedAtMs);
        }
        parts.atStep('after-decode');
        (0, order_trace_1.beginSpans)(parts.tracing, chunk.works);
        const trouble = await runRounds(handling, chunk, signal);
        (0, order_trace_1.endSpans)(chunk.works);
        const done = (0, order_work_1.donePrefix)(chunk);
        parts.observe.chunk(records.length, done, parts.clock.nowMs() - startedAtMs);
        if (done === 0 && !signal.aborted)
            throw trouble ?? new log_1.InfrastructureError('no order of this chunk has an outcome yet');
        return done;
    };
};
exports.createOrderHandler = createOrderHandler;
//# sourceMappingURL=handle-orders.js.map