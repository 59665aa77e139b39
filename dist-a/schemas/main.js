"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const config_1 = require("../chassis/config");
const admin_1 = require("../chassis/kafka/admin");
const connection_1 = require("../chassis/kafka/connection");
const log_1 = require("../chassis/kafka/log");
const deploy_1 = require("./deploy");
const deploy_settings_1 = require("./deploy-settings");
const registry_client_1 = require("./registry-client");
const registryTimeoutMs = 10_000;
const deploy = async (environment) => {
    const settings = (0, config_1.readSettings)(deploy_settings_1.deploySettings, environment);
    const admin = (0, admin_1.createLogAdmin)((0, connection_1.kafkaConnectionOf)(settings, 'deploy'));
    try {
        return await (0, deploy_1.deployContracts)({
            admin,
            registry: (0, registry_client_1.createRegistryClient)(settings.SCHEMA_REGISTRY_URL, registryTimeoutMs),
            orderPartitions: settings.ORDER_PARTITIONS,
            replicationFactor: settings.REPLICATION_FACTOR,
            waitMs: settings.DEPLOY_TIMEOUT,
            say: (line) => console.log(line),
        });
    }
    finally {
        await admin.stop();
    }
};
/** sysexits(3): 69 a server does not answer, 78 the environment is not usable; 1 what a person has to decide. */
const exitCodeOf = (error) => {
    if (error instanceof config_1.ConfigError)
        return 78;
    return error instanceof log_1.InfrastructureError ? 69 : 1;
};
deploy(process.env)
    .then((problems) => {
    if (problems.length === 0) {
        console.log('Topics and schemas are as this release wants them.');
        return;
    }
    console.error('This needs a person; nothing that exists was changed:');
    for (const problem of problems)
        console.error(`  - ${problem}`);
    process.exitCode = 1;
})
    .catch((error) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = exitCodeOf(error);
});
//# sourceMappingURL=main.js.map