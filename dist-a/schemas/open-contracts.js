"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.schemaRegistryDependency = exports.openContracts = void 0;
const check_contracts_1 = require("./check-contracts");
const event_codec_1 = require("./event-codec");
const registry_client_1 = require("./registry-client");
const pingTimeoutMs = 1_000;
/**
 * What a service does about contracts at its start: waits for its topics and schemas, then learns the schemas' ids.
 * @param topics those that it reads or writes: one that its user has no right to see must not keep it from starting.
 * @param waitMs how long the deploy step may still take; default as in `checkContracts`.
 * @throws ContractsError when topics or schemas are not as this version needs them.
 * @throws InfrastructureError when the registry does not answer and the cache file does not know every id.
 */
const openContracts = async (config, admin, options) => {
    const { topics, log, waitMs } = options;
    const { SCHEMA_CACHE_FILE: cacheFile, ORDER_PARTITIONS: orderPartitions } = config;
    const contracts = {
        registryUrl: config.SCHEMA_REGISTRY_URL,
        topics,
        ...(cacheFile === undefined ? {} : { cacheFile }),
    };
    const problems = await (0, check_contracts_1.checkContracts)({
        admin,
        ...contracts,
        orderPartitions,
        ...(waitMs === undefined ? {} : { waitMs }),
    });
    if (problems.length > 0)
        throw new event_codec_1.ContractsError(problems);
    return (0, event_codec_1.createEventCodec)({ ...contracts, log });
};
exports.openContracts = openContracts;
/** Not required: known ids are in memory, and only an id that nobody knows waits for the registry. */
const schemaRegistryDependency = (registryUrl) => {
    const client = (0, registry_client_1.createRegistryClient)(registryUrl, pingTimeoutMs);
    return {
        name: 'schema-registry',
        required: false,
        check: async () => {
            await client.schemaById(1);
        },
    };
};
exports.schemaRegistryDependency = schemaRegistryDependency;
//# sourceMappingURL=open-contracts.js.map