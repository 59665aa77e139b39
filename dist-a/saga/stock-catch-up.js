"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createStockCatchUp = void 0;
const log_1 = require("../chassis/kafka/log");
const topics_1 = require("../schemas/topics");
const shared_question_1 = require("../chassis/shared-question");
const waitMaxMs = 3_000;
const lookEveryMs = 25;
const createStockCatchUp = (admin, clock) => {
    const askEnds = (0, shared_question_1.shareQuestion)(() => admin.ends(topics_1.topics.stockAdjustments.name));
    return async ({ connection, generation }) => {
        const ends = await askEnds();
        const startedAtMs = clock.nowMs();
        for (;;) {
            const adjusted = await connection.adjusted(generation.epoch);
            if (ends.every((end, partition) => (adjusted.get(partition) ?? 0) >= end))
                return;
            if (clock.nowMs() - startedAtMs > waitMaxMs) {
                throw new log_1.InfrastructureError('stock adjustments in the log are not applied yet');
            }
            await clock.pause(lookEveryMs);
        }
    };
};
exports.createStockCatchUp = createStockCatchUp;
//# sourceMappingURL=stock-catch-up.js.map