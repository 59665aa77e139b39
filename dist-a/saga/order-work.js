"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.donePrefix = exports.nextWorks = exports.readChunk = exports.decideRequest = void 0;
const intake_1 = require("./intake");
const postponed_order_1 = require("../schemas/postponed-order");
const record_1 = require("./stock/record");
const decideRequest = (work, key) => ({
    key,
    order: work.order,
    appendedAtMs: work.appendedAtMs,
    absentThroughMs: work.absentThroughMs,
    stockIsCurrent: work.stockIsCurrent,
    isOffSale: work.isOffSale,
});
exports.decideRequest = decideRequest;
const newWork = (record, key, order) => ({
    record,
    repeats: [],
    key,
    order,
    appendedAtMs: (0, postponed_order_1.requestedAtMs)(record),
    burial: undefined,
    absentThroughMs: 0,
    stockIsCurrent: false,
    isOffSale: false,
    isDone: false,
    span: undefined,
});
/** Reads a chunk. A record that repeats an order of the same chunk waits for the first one's end. */
const readChunk = async (codec, records) => {
    const works = [];
    const workOfRecord = [];
    const firsts = new Map();
    for (const record of records) {
        const decoded = codec.decode(record.topic, record.value);
        /** Nearly no record has to wait, and a promise less is 1 µs an order. */
        const intake = decoded.kind === 'unknown-schema' ? await (0, intake_1.takeIn)(codec, record) : (0, intake_1.intakeOf)(record, decoded);
        const { key, order } = intake;
        const first = order ? firsts.get(order.key) : undefined;
        if (first && (0, record_1.payloadText)(first.order) === (0, record_1.payloadText)(order)) {
            first.repeats.push(record);
            workOfRecord.push(first);
            continue;
        }
        const work = newWork(record, key, order);
        /** What waits in payment-retries was buried before it was postponed. */
        if (intake.kind === 'poison' && !(0, postponed_order_1.wasPostponed)(record))
            work.burial = { reason: intake.reason, detail: intake.detail };
        if (order && !first)
            firsts.set(order.key, work);
        works.push(work);
        workOfRecord.push(work);
    }
    return { works, workOfRecord };
};
exports.readChunk = readChunk;
/**
 * The open works that may go on: one per key, the oldest. What comes first under a key defines the order, so a later
 * record of the key must not overtake one that still waits for its item's stock or its dead letter.
 */
const nextWorks = ({ works }) => {
    const keys = new Set();
    return works.filter((work) => {
        if (work.isDone)
            return false;
        if (work.key === undefined)
            return true;
        const isFirst = !keys.has(work.key);
        keys.add(work.key);
        return isFirst;
    });
};
exports.nextWorks = nextWorks;
/** How many records, counted from the first, are done for good. */
const donePrefix = ({ workOfRecord }) => {
    const firstOpen = workOfRecord.findIndex((work) => !work.isDone);
    return firstOpen === -1 ? workOfRecord.length : firstOpen;
};
exports.donePrefix = donePrefix;
//# sourceMappingURL=order-work.js.map