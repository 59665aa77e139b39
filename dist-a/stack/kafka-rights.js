"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.grantRights = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const connection_1 = require("../chassis/kafka/connection");
const grants_1 = require("../chassis/kafka/grants");
const manifest_1 = require("../k8s/check/manifest");
const access_1 = require("./access");
const ports_1 = require("./ports");
const project_root_1 = require("./project-root");
const operations = ['Read', 'Write', 'Describe', 'DescribeConfigs'];
const grantsOf = (user, acl) => {
    const resource = (0, manifest_1.at)(acl, 'resource');
    return (0, manifest_1.listAt)(acl, 'operations').map((named) => {
        const operation = operations.find((one) => one === named);
        if (operation === undefined)
            throw new Error(`${user}: operation ${String(named)} is not known here`);
        return {
            user,
            resource: (0, manifest_1.textAt)(resource, 'type') === 'group' ? 'group' : 'topic',
            name: (0, manifest_1.textAt)(resource, 'name') ?? '',
            isPrefix: (0, manifest_1.textAt)(resource, 'patternType') === 'prefix',
            operation,
        };
    });
};
/** The rights of production, as k8s/components/strimzi/users.yaml gives them. */
const productionGrants = () => {
    const file = (0, node_path_1.join)((0, project_root_1.projectRoot)(), 'k8s', 'components', 'strimzi', 'users.yaml');
    return (0, manifest_1.parseManifests)((0, node_fs_1.readFileSync)(file, 'utf8')).flatMap((user) => (0, manifest_1.listAt)(user, 'spec.authorization.acls').flatMap((acl) => grantsOf(user.metadata.name, acl)));
};
/** Who does not log in may look at every topic and group, as the operators' tools do; not join one, and write nothing. */
const onlookerGrants = [
    { user: 'ANONYMOUS', resource: 'topic', name: '*', operation: 'Read' },
    { user: 'ANONYMOUS', resource: 'topic', name: '*', operation: 'DescribeConfigs' },
    { user: 'ANONYMOUS', resource: 'group', name: '*', operation: 'Describe' },
];
/** Gives a local broker, which refuses everything else, the rights of production and those of onlookers. */
const grantRights = async ({ kafkaPort, passwords }) => {
    const connection = (0, connection_1.kafkaConnection)({
        brokers: [`${ports_1.loopback}:${kafkaPort}`],
        clientId: 'deploy',
        sasl: { mechanism: 'plain', username: access_1.brokerUser, password: passwords[access_1.brokerUser] ?? '' },
    });
    await (0, grants_1.grant)(connection, [...productionGrants(), ...onlookerGrants]);
};
exports.grantRights = grantRights;
//# sourceMappingURL=kafka-rights.js.map