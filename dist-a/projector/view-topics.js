"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.viewTopics = void 0;
const topics_1 = require("../schemas/topics");
/** What each view is folded from. */
exports.viewTopics = {
    orders: [topics_1.topics.orderRequests.name, topics_1.topics.orderOutcomes.name],
    items: [topics_1.topics.stockAdjustments.name],
    'dead-letters': [topics_1.topics.orderDlq.name, topics_1.topics.deadLetterCommands.name],
};
//# sourceMappingURL=view-topics.js.map