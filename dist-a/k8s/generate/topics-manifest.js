"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.topicsManifest = void 0;
const yaml_1 = require("yaml");
const topic_settings_1 = require("../../schemas/topic-settings");
const config_1 = require("../../chassis/config");
const replicationFactor = 3;
const header = '# Generated from schemas/topics.ts by `make generate`: change it there.\n' +
    '# A partition count is fixed once orders exist; the topic operator refuses to lower it.\n';
/** The topics as Strimzi's KafkaTopic objects, with the settings that every service checks at start. */
const topicsManifest = () => {
    const { ORDER_PARTITIONS } = (0, config_1.readSettings)(topic_settings_1.orderTopicsSettings, {});
    const documents = (0, topic_settings_1.deployedTopicSettings)(ORDER_PARTITIONS, replicationFactor).map(({ name, partitions, config }) => (0, yaml_1.stringify)({
        apiVersion: 'kafka.strimzi.io/v1',
        kind: 'KafkaTopic',
        metadata: { name, labels: { 'strimzi.io/cluster': 'flash-sale' } },
        spec: { partitions, replicas: replicationFactor, config },
    }));
    return header + documents.join('---\n');
};
exports.topicsManifest = topicsManifest;
//# sourceMappingURL=topics-manifest.js.map