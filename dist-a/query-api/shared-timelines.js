"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.sharedTimelinesOf = exports.shareTimelines = void 0;
const shared_question_1 = require("../chassis/shared-question");
const order_queries_1 = require("./order-queries");
/** A crowd that follows one order hears its news in one moment and asks for its events together: that is one question. */
const shareTimelines = (find) => {
    const asked = new Map();
    return async (key) => {
        const shared = asked.get(key) ?? { ask: (0, shared_question_1.shareQuestion)(() => find(key)), askers: 0 };
        asked.set(key, shared);
        shared.askers += 1;
        try {
            return await shared.ask();
        }
        finally {
            shared.askers -= 1;
            if (shared.askers === 0)
                asked.delete(key);
        }
    };
};
exports.shareTimelines = shareTimelines;
const sharedTimelinesOf = (db) => (0, exports.shareTimelines)((key) => (0, order_queries_1.findTimeline)(db, key));
exports.sharedTimelinesOf = sharedTimelinesOf;
//# sourceMappingURL=shared-timelines.js.map