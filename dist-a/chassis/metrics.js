"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createMetrics = void 0;
const prom_client_1 = require("prom-client");
/** A registry of its own per process (and per test), with the runtime's metrics and a `build_info`. */
const createMetrics = (service, version) => {
    const registry = new prom_client_1.Registry();
    registry.setDefaultLabels({ service });
    (0, prom_client_1.collectDefaultMetrics)({ register: registry });
    new prom_client_1.Gauge({
        name: 'flashsale_build_info',
        help: 'Constant 1, labelled with the version that runs',
        labelNames: ['version', 'node_version'],
        aggregator: 'first',
        registers: [registry],
    }).set({ version, node_version: process.version }, 1);
    return registry;
};
exports.createMetrics = createMetrics;
//# sourceMappingURL=metrics.js.map