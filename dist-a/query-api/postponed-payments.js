"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.postponedPayments = void 0;
const postponed_order_1 = require("../schemas/postponed-order");
const topics_1 = require("../schemas/topics");
const topic = topics_1.topics.paymentRetries.name;
/** Of each partition, the newest: an order that is still tried is written again and again. */
const recordsMax = 1_000;
const withinMs = 1_000;
/**
 * Looks into the newest records of `payment-retries`. What cannot be read in a second is left out: the answer is for
 * a person who wants to know why an order waits, and Kafka may be the reason.
 */
const postponedPayments = (admin, reader) => async (keys) => {
    const found = new Map();
    const signal = AbortSignal.timeout(withinMs);
    const read = async () => {
        const ranges = await admin.ranges(topic);
        await reader.read({
            topic,
            from: new Map(ranges.map(({ partition, low, high }) => [partition, Math.max(low, high - recordsMax)])),
            signal,
            onRecords: (records) => {
                for (const record of records) {
                    const key = record.key?.toString() ?? '';
                    if (!keys.has(key))
                        continue;
                    found.set(key, { attempts: (0, postponed_order_1.attemptsBefore)(record), parkedAtMs: record.appendedAtMs });
                }
            },
        });
    };
    const tooLate = new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([read().catch(() => undefined), tooLate]);
    return found;
};
exports.postponedPayments = postponedPayments;
//# sourceMappingURL=postponed-payments.js.map