"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.deployTestContracts = void 0;
const admin_1 = require("../../chassis/kafka/admin");
const connection_1 = require("../../chassis/kafka/connection");
const deploy_1 = require("../../schemas/deploy");
const registry_client_1 = require("../../schemas/registry-client");
/** Topics and schemas as the deploy step makes them; harmless when they are there. Throws when something differs. */
const deployTestContracts = async (servers) => {
    const admin = (0, admin_1.createLogAdmin)((0, connection_1.kafkaConnection)({ brokers: servers.KAFKA_BROKERS.split(','), clientId: 'test-deploy' }));
    try {
        const problems = await (0, deploy_1.deployContracts)({
            admin,
            registry: (0, registry_client_1.createRegistryClient)(servers.SCHEMA_REGISTRY_URL, 5_000),
            orderPartitions: 8,
            replicationFactor: 1,
            waitMs: 30_000,
            say: () => undefined,
        });
        if (problems.length > 0)
            throw new Error(problems.join('\n'));
    }
    finally {
        await admin.stop();
    }
};
exports.deployTestContracts = deployTestContracts;
//# sourceMappingURL=contracts.js.map