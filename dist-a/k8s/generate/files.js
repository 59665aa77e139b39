"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.generatedFiles = exports.dashboards = void 0;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const reference_page_1 = require("../../cli/reference-page");
const dashboard_1 = require("../observability/dashboards/dashboard");
const pipeline_1 = require("../observability/dashboards/pipeline");
const projector_1 = require("../observability/dashboards/projector");
const runtime_1 = require("../observability/dashboards/runtime");
const saga_1 = require("../observability/dashboards/saga");
const sale_1 = require("../observability/dashboards/sale");
const configuration_table_1 = require("./configuration-table");
const prometheus_rule_1 = require("./prometheus-rule");
const topics_manifest_1 = require("./topics-manifest");
exports.dashboards = [sale_1.sale, pipeline_1.pipeline, saga_1.saga, projector_1.projector, runtime_1.runtime];
/** Every generated file with its content, by its path from the project's root. A test holds the files to it. */
const generatedFiles = (root) => new Map([
    ['docs/OPERATIONS.md', (0, configuration_table_1.withConfigurationTables)((0, node_fs_1.readFileSync)((0, node_path_1.join)(root, 'docs/OPERATIONS.md'), 'utf8'))],
    ['docs/cli.md', (0, reference_page_1.referencePage)()],
    ['k8s/components/strimzi/topics.yaml', (0, topics_manifest_1.topicsManifest)()],
    [
        'k8s/components/monitoring/prometheus-rule.yaml',
        (0, prometheus_rule_1.prometheusRule)((0, node_path_1.join)(root, 'k8s/observability/prometheus/rules')),
    ],
    ...exports.dashboards.map((dashboard) => [`k8s/observability/grafana/dashboards/${dashboard.uid}.json`, (0, dashboard_1.dashboardJson)(dashboard)]),
]);
exports.generatedFiles = generatedFiles;
//# sourceMappingURL=files.js.map