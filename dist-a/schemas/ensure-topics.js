"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.ensureTopics = void 0;
const topic_settings_1 = require("./topic-settings");
/** Creates missing topics with their settings, and compares those that exist. Safe to run again. */
const ensureTopics = async (admin, topics, replicationFactor) => {
    const created = await admin.createTopics(topics, replicationFactor);
    return { created, differences: await admin.differences((0, topic_settings_1.comparedTopicSettings)(topics)) };
};
exports.ensureTopics = ensureTopics;
//# sourceMappingURL=ensure-topics.js.map