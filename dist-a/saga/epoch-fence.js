"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createEpochFence = void 0;
const topics_1 = require("../schemas/topics");
const shared_question_1 = require("../chassis/shared-question");
const createEpochFence = (admin) => ({
    newestClaim: (0, shared_question_1.shareQuestion)(async () => {
        const [end = 0] = await admin.ends(topics_1.topics.sagaEpochs.name);
        return end - 1;
    }),
});
exports.createEpochFence = createEpochFence;
//# sourceMappingURL=epoch-fence.js.map