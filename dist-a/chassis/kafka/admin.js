"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createLogAdmin = void 0;
const deadline_1 = require("../deadline");
const log_1 = require("./log");
const ranges_1 = require("./ranges");
const api_1 = require("./wire/api");
const cluster_1 = require("./wire/cluster");
const topicResource = 2;
const createTimeoutMs = 10_000;
/** Undefined when the topic does not exist; any other trouble is thrown. */
const partitionCount = async (cluster, topic) => {
    cluster.forget(topic);
    const leaders = await cluster.findLeaders(topic);
    return leaders?.length;
};
const differencesOf = async (cluster, wanted) => {
    const partitions = await partitionCount(cluster, wanted.name);
    if (partitions === undefined)
        return [`topic ${wanted.name} does not exist`];
    const found = [];
    if (partitions !== wanted.partitions) {
        found.push(`topic ${wanted.name} has ${partitions} partitions instead of ${wanted.partitions}`);
    }
    const link = await cluster.any();
    const configNames = Object.keys(wanted.config);
    const resources = [{ type: topicResource, name: wanted.name, configNames }];
    const answer = await link.ask('DescribeConfigs', { resources, includeSynonyms: false });
    for (const { errorCode, configEntries } of answer.resources) {
        if (errorCode !== api_1.kafkaError.none) {
            throw new log_1.InfrastructureError(`settings of ${wanted.name}: ${(0, api_1.kafkaErrorText)(errorCode)}`);
        }
        for (const [name, value] of Object.entries(wanted.config)) {
            const actual = configEntries.find((entry) => entry.configName === name)?.configValue;
            if (actual !== value)
                found.push(`topic ${wanted.name} has ${name}=${actual} instead of ${value}`);
        }
    }
    return found;
};
const createMissing = async (cluster, topics, replicationFactor) => {
    const controller = await cluster.controller();
    const answer = await controller.ask('CreateTopics', {
        topics: topics.map((topic) => ({
            topic: topic.name,
            numPartitions: topic.partitions,
            replicationFactor,
            configEntries: Object.entries(topic.config).map(([name, value]) => ({ name, value })),
        })),
        validateOnly: false,
        timeout: createTimeoutMs,
    }, createTimeoutMs);
    const created = [];
    for (const { topic, errorCode, errorMessage } of answer.topicErrors) {
        if (errorCode === api_1.kafkaError.none)
            created.push(topic);
        else if (errorCode !== api_1.kafkaError.topicAlreadyExists) {
            throw new Error(`cannot create the topic ${topic}: ${errorMessage ?? (0, api_1.kafkaErrorText)(errorCode)}`);
        }
    }
    return created;
};
const isLed = (leaders, partitions) => leaders?.length === partitions && leaders.every((leader) => leader !== undefined);
/** A topic just created is not known to every broker at once; others would see it missing. */
const awaitLeaders = async (cluster, topics) => {
    const deadline = performance.now() + createTimeoutMs;
    for (const topic of topics) {
        for (;;) {
            cluster.forget(topic.name);
            if (isLed(await cluster.findLeaders(topic.name), topic.partitions))
                break;
            if (performance.now() > deadline)
                throw new log_1.InfrastructureError(`the topic ${topic.name} gets no leaders`);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    }
};
/** Connects with the first call; throws InfrastructureError when no broker answers. */
const createLogAdmin = (connection) => {
    const cluster = new cluster_1.Cluster(connection);
    return {
        ranges: async (topic) => (0, ranges_1.readRanges)(cluster, topic),
        ends: async (topic) => (0, ranges_1.readEnds)(cluster, topic),
        createTopics: async (topics, replicationFactor) => {
            const created = await createMissing(cluster, topics, replicationFactor);
            await awaitLeaders(cluster, topics.filter((topic) => created.includes(topic.name)));
            return created;
        },
        differences: async (topics) => {
            const found = await Promise.all(topics.map((topic) => differencesOf(cluster, topic)));
            return found.flat();
        },
        ping: async (timeoutMs) => {
            await (0, deadline_1.withDeadline)(cluster.any().then((link) => link.ask('Metadata', { topics: [], allowAutoTopicCreation: false })), timeoutMs, 'a round trip to Kafka');
        },
        stop: async () => cluster.close(),
    };
};
exports.createLogAdmin = createLogAdmin;
//# sourceMappingURL=admin.js.map