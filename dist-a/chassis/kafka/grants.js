"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.grant = void 0;
const api_1 = require("./wire/api");
const cluster_1 = require("./wire/cluster");
/** Kafka's numbers: AclOperation, ResourceType, PatternType and AclPermissionType of its protocol. */
const operations = {
    Read: 3,
    Write: 4,
    Describe: 8,
    DescribeConfigs: 10,
};
const resources = { topic: 2, group: 3 };
const literal = 3;
const prefixed = 4;
const allow = 3;
const creationOf = ({ user, resource, name, isPrefix, operation }) => ({
    resourceType: resources[resource],
    resourceName: name,
    resourcePatternType: isPrefix === true ? prefixed : literal,
    principal: `User:${user}`,
    host: '*',
    operation: operations[operation],
    permissionType: allow,
});
/**
 * Grants what may be granted already. The connection's user must be one who may alter the cluster.
 * @throws InfrastructureError when no broker answers.
 * @throws Error naming the first grant that Kafka refuses.
 */
const grant = async (connection, grants) => {
    const cluster = new cluster_1.Cluster(connection);
    try {
        const controller = await cluster.controller();
        const answer = await controller.ask('CreateAcls', { creations: grants.map(creationOf) });
        answer.creationResponses.forEach(({ errorCode, errorMessage }, index) => {
            if (errorCode === api_1.kafkaError.none)
                return;
            const why = errorMessage ?? (0, api_1.kafkaErrorText)(errorCode);
            throw new Error(`cannot grant ${JSON.stringify(grants[index])}: ${why}`);
        });
    }
    finally {
        cluster.close();
    }
};
exports.grant = grant;
//# sourceMappingURL=grants.js.map