"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createDecidedInLog = void 0;
const partitioner_1 = require("../chassis/kafka/partitioner");
const topics_1 = require("../schemas/topics");
const shared_question_1 = require("../chassis/shared-question");
const stock_fold_1 = require("./stock-fold");
const record_1 = require("./stock/record");
const topic = topics_1.topics.orderOutcomes.name;
/**
 * Outcomes of the log by key, read when somebody asks for the first time and read on when the answer gets old. Costs
 * about 150 bytes of memory an order, in sales that last longer than the horizon and in no others.
 */
const createDecidedInLog = (parts) => {
    const { reader, admin, codec } = parts;
    const indexes = new Map();
    let wantedThroughMs = 0;
    const indexOf = (partition) => {
        const known = indexes.get(partition);
        if (known)
            return known;
        const index = { next: 0, newestMarker: -1, throughMs: 0, payloads: new Map() };
        indexes.set(partition, index);
        return index;
    };
    const take = (record) => {
        const index = indexOf(record.partition);
        index.next = record.offset + 1;
        const decoded = codec.decode(topic, record.value);
        if (decoded.kind !== 'event')
            return;
        const { event } = decoded;
        if (event.type === 'EpochStarted')
            index.newestMarker = Math.max(index.newestMarker, event.epoch);
        if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed')
            return;
        if ((0, stock_fold_1.isVoid)(event, index.newestMarker) || index.payloads.has(event.request_id))
            return;
        index.payloads.set(event.request_id, (0, record_1.payloadText)((0, stock_fold_1.recordOf)(event).order));
    };
    const onRecords = async (records) => {
        for (const record of records) {
            const decoded = codec.decode(topic, record.value);
            if (decoded.kind === 'unknown-schema')
                await codec.learn(decoded.schemaId);
            take(record);
        }
    };
    const readOn = (0, shared_question_1.shareQuestion)(async () => {
        const throughMs = wantedThroughMs;
        const ranges = await admin.ranges(topic);
        const from = new Map(ranges.map(({ partition, low }) => [partition, Math.max(low, indexOf(partition).next)]));
        const to = new Map(ranges.map(({ partition, high }) => [partition, high]));
        await reader.read({ topic, from, to, onRecords, withHeaders: false });
        for (const { partition } of ranges)
            indexOf(partition).throughMs = throughMs;
    });
    const isOld = (storeNowMs) => indexes.size === 0 ||
        [...indexes.values()].some(({ throughMs }) => storeNowMs - throughMs > parts.answerAgeMaxMs);
    return {
        lookUp: async (asked, storeNowMs) => {
            wantedThroughMs = Math.max(wantedThroughMs, storeNowMs);
            if (isOld(storeNowMs))
                await readOn();
            return asked.map(({ key, order }) => {
                const index = indexOf((0, partitioner_1.partitionOf)(key, indexes.size));
                const payload = index.payloads.get(key);
                if (payload === undefined)
                    return { kind: 'absent', throughMs: index.throughMs };
                return { kind: 'decided', samePayload: order === undefined || payload === (0, record_1.payloadText)(order) };
            });
        },
    };
};
exports.createDecidedInLog = createDecidedInLog;
//# sourceMappingURL=decided-in-log.js.map