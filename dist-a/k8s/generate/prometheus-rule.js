"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.prometheusRule = exports.ruleGroups = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const yaml_1 = require("yaml");
/** Every rule file of `folder`, in the order of their names. */
const ruleGroups = (folder) => (0, node_fs_1.readdirSync)(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => (0, yaml_1.parse)((0, node_fs_1.readFileSync)((0, node_path_1.join)(folder, file), 'utf8')).groups);
exports.ruleGroups = ruleGroups;
const header = '# Generated from k8s/observability/prometheus/rules by `make generate`: change them there.\n';
/** The same rules as an object of the Prometheus operator. */
const prometheusRule = (folder) => header +
    (0, yaml_1.stringify)({
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: { name: 'flash-sale', labels: { 'app.kubernetes.io/part-of': 'flash-sale' } },
        spec: { groups: (0, exports.ruleGroups)(folder) },
    });
exports.prometheusRule = prometheusRule;
//# sourceMappingURL=prometheus-rule.js.map