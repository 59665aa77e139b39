"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.checkContracts = void 0;
const deadline_1 = require("../chassis/deadline");
const log_1 = require("../chassis/kafka/log");
const history_1 = require("./history");
const id_cache_1 = require("./id-cache");
const known_ids_1 = require("./known-ids");
const registry_client_1 = require("./registry-client");
const topic_settings_1 = require("./topic-settings");
const topics_1 = require("./topics");
const withAdvice = (difference) => difference.endsWith('does not exist')
    ? `${difference}. Run the deploy step: node dist/schemas/main.js`
    : difference;
const topicProblems = async (options) => {
    const wanted = (0, topic_settings_1.topicSettings)(options.orderPartitions, options.topics);
    try {
        return (await options.admin.differences(wanted)).map(withAdvice);
    }
    catch (error) {
        if (error instanceof log_1.InfrastructureError)
            return [`Kafka does not answer: ${error.message}`];
        throw error;
    }
};
const schemaProblems = async (options) => {
    const { registryUrl, cacheFile, topics = Object.values(topics_1.topics) } = options;
    const client = (0, registry_client_1.createRegistryClient)(registryUrl, options.fetchTimeoutMs ?? 2_000);
    const cache = cacheFile === undefined ? id_cache_1.emptyIdCache : (0, id_cache_1.readIdCache)(cacheFile, registryUrl);
    const schemas = (0, known_ids_1.ourSchemas)(topics, options.history ?? (0, history_1.readHistory)());
    const found = await (0, known_ids_1.findOurIds)(client, schemas, cache.ours);
    return found.flatMap((it) => (0, known_ids_1.problemOf)(it) ?? []);
};
/**
 * What a service checks before it does anything: the topics exist with the partitions, retention and timestamps it
 * relies on, and its schemas are registered. Asks again each half second while something is wrong, up to `waitMs`.
 * Returns what is still wrong, in plain words with what to do; empty when all is well.
 */
const checkContracts = async (options) => {
    const endsAtMs = performance.now() + (options.waitMs ?? 30_000);
    for (;;) {
        const problems = [...(await topicProblems(options)), ...(await schemaProblems(options))];
        const over = performance.now() >= endsAtMs || options.signal?.aborted === true;
        if (problems.length === 0 || over)
            return problems;
        await (0, deadline_1.pause)(500, options.signal);
    }
};
exports.checkContracts = checkContracts;
//# sourceMappingURL=check-contracts.js.map