"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.deployContracts = void 0;
const deadline_1 = require("../chassis/deadline");
const log_1 = require("../chassis/kafka/log");
const ensure_topics_1 = require("./ensure-topics");
const history_1 = require("./history");
const known_ids_1 = require("./known-ids");
const register_1 = require("./register");
const topic_settings_1 = require("./topic-settings");
const topics_1 = require("./topics");
const persistently = async (work, endsAtMs, say) => {
    for (;;) {
        try {
            return await work();
        }
        catch (error) {
            if (!(error instanceof log_1.InfrastructureError) || performance.now() >= endsAtMs)
                throw error;
            say(`waiting     ${error.message}`);
            await (0, deadline_1.pause)(1_000);
        }
    }
};
const lineOf = (result) => {
    const { subject, version } = result.schema;
    const what = `${subject} v${version.version}`;
    return result.kind === 'refused'
        ? `REFUSED     ${what}: ${result.reason}`
        : `${result.kind.padEnd(12)}${what} (id ${result.id})`;
};
/**
 * The deploy step: creates missing topics and registers missing schema versions. It changes nothing that exists,
 * so that it may run before every release.
 * @returns what needs a person, in plain words; empty when everything is as wanted.
 * @throws InfrastructureError when Kafka or the registry does not answer within `waitMs`.
 */
const deployContracts = async (options) => {
    const { admin, registry, orderPartitions, replicationFactor, say } = options;
    const endsAtMs = performance.now() + options.waitMs;
    const wanted = (0, topic_settings_1.deployedTopicSettings)(orderPartitions, replicationFactor);
    const ensured = await persistently(() => (0, ensure_topics_1.ensureTopics)(admin, wanted, replicationFactor), endsAtMs, say);
    for (const { name, partitions } of wanted) {
        say(`${(ensured.created.includes(name) ? 'created' : 'present').padEnd(12)}topic ${name} (${partitions} partitions)`);
    }
    const schemas = (0, known_ids_1.ourSchemas)(Object.values(topics_1.topics), (0, history_1.readHistory)());
    const registered = await persistently(() => (0, register_1.registerSchemas)(registry, schemas), endsAtMs, say);
    for (const result of registered)
        say(lineOf(result));
    return [
        ...ensured.differences,
        ...registered.flatMap((result) => (result.kind === 'refused' ? [lineOf(result)] : [])),
    ];
};
exports.deployContracts = deployContracts;
//# sourceMappingURL=deploy.js.map