"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.followItems = void 0;
const shared_question_1 = require("../chassis/shared-question");
const command_digest_1 = require("./command-digest");
const item_ledger_1 = require("./item-ledger");
const topics_1 = require("./topics");
/** A read that makes no progress for this long is given up; who asked asks again or goes without. */
const stallMs = 2_000;
const topic = topics_1.topics.stockAdjustments.name;
/** Follows `stock-adjustments` without a group: every process needs all of it. */
const followItems = ({ reader, admin, codec }) => {
    const ledger = new item_ledger_1.ItemLedger();
    const next = new Map();
    const take = async (record) => {
        let decoded = codec.decode(topic, record.value);
        if (decoded.kind === 'unknown-schema') {
            await codec.learn(decoded.schemaId);
            decoded = codec.decode(topic, record.value);
        }
        next.set(record.partition, record.offset + 1);
        if (decoded.kind !== 'event')
            return;
        const { event } = decoded;
        if (event.type === 'StockAdjusted' || event.type === 'BuyerLimitSet' || event.type === 'SaleChanged') {
            const { partition, offset, appendedAtMs, headers } = record;
            ledger.apply({ partition, offset, appendedAtMs, digest: (0, command_digest_1.readDigest)(headers) }, event);
        }
    };
    /** A read that fails midway has moved `next` on, so nothing is folded twice. */
    const readOn = async () => {
        const ends = await admin.ends(topic);
        if (ends.every((end, partition) => (next.get(partition) ?? 0) >= end))
            return;
        await reader.read({
            topic,
            from: new Map(next),
            to: new Map(ends.entries()),
            stallMs,
            onRecords: async (records) => {
                for (const record of records)
                    await take(record);
            },
        });
    };
    return { ledger, catchUp: (0, shared_question_1.shareQuestion)(readOn) };
};
exports.followItems = followItems;
//# sourceMappingURL=follow-items.js.map