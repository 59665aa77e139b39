"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.bury = void 0;
const dead_letter_1 = require("../schemas/dead-letter");
const postponed_order_1 = require("../schemas/postponed-order");
/**
 * Puts records into the dead-letter topic with their original bytes and headers. Returns for each whether the topic
 * has acknowledged it; one that has not keeps its offset uncommitted.
 */
const bury = async (parts, burials) => {
    if (burials.length === 0)
        return [];
    const letters = burials.map(({ record, reason, detail }) => (0, dead_letter_1.toDeadLetterRecord)(record, {
        reason,
        detail,
        consumer: 'saga',
        attempts: (0, postponed_order_1.attemptsBefore)(record) + 1,
        failedAtMs: parts.wallClockMs(),
    }));
    const outcomes = await parts.producer.sendAll(letters);
    parts.atStep('after-bury');
    return burials.map(({ reason }, index) => {
        const isAcked = outcomes[index]?.kind === 'acked';
        if (isAcked)
            parts.observe.buried(reason);
        return isAcked;
    });
};
exports.bury = bury;
//# sourceMappingURL=bury.js.map