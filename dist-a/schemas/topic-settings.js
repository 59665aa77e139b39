"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.comparedTopicSettings = exports.deployedTopicSettings = exports.topicSettings = exports.orderTopicsSettings = void 0;
const joi_1 = __importDefault(require("joi"));
const topics_1 = require("./topics");
/** For every process that checks the topics at start. */
exports.orderTopicsSettings = {
    ORDER_PARTITIONS: joi_1.default.number()
        .integer()
        .min(1)
        .max(1000)
        .default(8)
        .description('Partitions of the order topics: the most sagas or projectors that work at once. Fixed once orders exist'),
};
/** What a service relies on. How many replicas there are is the operator's business, so it is no part of this. */
const topicSettings = (orderPartitions, topics = Object.values(topics_1.topics)) => topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions === 'orders' ? orderPartitions : partitions,
    config: topics_1.topicConfig,
}));
exports.topicSettings = topicSettings;
/**
 * What the deploy step creates. One replica may be away without stopping the sale, and an acknowledged order is on at
 * least two disks as soon as there are three replicas.
 */
const deployedTopicSettings = (orderPartitions, replicationFactor, topics = Object.values(topics_1.topics)) => (0, exports.topicSettings)(orderPartitions, topics).map((settings, index) => ({
    ...settings,
    config: {
        ...settings.config,
        ...topics[index]?.createdWith,
        'min.insync.replicas': String(Math.max(1, replicationFactor - 1)),
    },
}));
exports.deployedTopicSettings = deployedTopicSettings;
const onlyNew = new Set(Object.values(topics_1.topics).flatMap(({ createdWith = {} }) => Object.keys(createdWith)));
/** The same, without what only new topics get: what a topic that exists is compared with. */
const comparedTopicSettings = (settings) => settings.map(({ config, ...rest }) => ({
    ...rest,
    config: Object.fromEntries(Object.entries(config).filter(([name]) => !onlyNew.has(name))),
}));
exports.comparedTopicSettings = comparedTopicSettings;
//# sourceMappingURL=topic-settings.js.map