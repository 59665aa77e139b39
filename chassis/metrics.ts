import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** A registry of its own per process (and per test), with the runtime's metrics and a `build_info`. */
export const createMetrics = (service: string, version: string): Registry => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'flashsale_build_info',
    help: 'Constant 1, labelled with the version that runs',
    labelNames: ['version', 'node_version'],
    aggregator: 'first',
    registers: [registry],
  }).set({ version, node_version: process.version }, 1);
  return registry;
};
