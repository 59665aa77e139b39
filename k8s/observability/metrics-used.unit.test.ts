import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createHealthMonitor } from '../../chassis/health';
import { createLog } from '../../chassis/log';
import { createMetrics } from '../../chassis/metrics';
import { createCommandGauges, createCommandMetrics } from '../../command-api/command-metrics';
import { createProjectorMetrics } from '../../projector/projector-metrics';
import { createQueryMetrics } from '../../query-api/query-metrics';
import { createSagaMetrics } from '../../saga/metrics';
import { dashboards } from '../generate/files';
import { ruleGroups } from '../generate/prometheus-rule';
import { expressionsOf, usesOf, type Rule, type Use } from './expressions';

/** Asked for by rules and dashboards, and not yet counted by a service; a name that is counted leaves this list. */
const awaited = [
  'query_api_dead_letters',
  'query_api_item_left_units',
  'query_api_items_low',
  'query_api_oldest_dead_letter_seconds',
  'query_api_overdue_orders',
  'query_api_oversold_units',
];

/** Every metric of every service, by name, with its labels: as the services make them, not as a text says. */
const metricsOfServices = (): ReadonlyMap<string, readonly string[]> => {
  const registry = createMetrics('test', '0');
  createHealthMonitor([], { log: createLog('test', 'error'), metrics: registry }).stop();
  createCommandMetrics(registry);
  createCommandGauges(registry, { breakerState: () => 'closed', inFlight: () => 0, logQueue: () => 0 });
  createSagaMetrics(registry, {
    lag: () => [],
    gateState: () => 'open',
    epoch: () => 0,
    paymentsInFlight: () => 0,
  });
  createProjectorMetrics(registry).watch({ lag: () => [] });
  createQueryMetrics(registry).watch({
    waiters: () => 0,
    streams: () => 0,
    isListening: () => true,
    lags: () => [],
  });
  const labelled = registry.getMetricsAsArray() as unknown as readonly {
    readonly name: string;
    readonly labelNames?: readonly string[];
  }[];
  const found = new Map(labelled.map(({ name, labelNames }) => [name, labelNames ?? []]));
  registry.clear();
  return found;
};

const rules = (
  ruleGroups(join(__dirname, 'prometheus', 'rules')) as readonly { readonly rules: readonly Rule[] }[]
).flatMap((group) => group.rules);

/** From Prometheus and from every metric's default labels. */
const alwaysThere = ['service', 'instance', 'job', 'le'];

const used: readonly Use[] = [
  ...rules.flatMap((rule) => usesOf(rule.expr)),
  ...dashboards.flatMap((dashboard) => expressionsOf(dashboard).flatMap((expression) => usesOf(expression))),
];

describe('metrics that rules and dashboards use', () => {
  const existing = metricsOfServices();

  it('are counted by a service, or awaited by name', () => {
    const missing = used.filter(({ metric }) => !existing.has(metric)).map(({ metric }) => metric);
    expect([...new Set(missing)].sort()).toEqual(awaited);
  });

  it('have the labels they are filtered by', () => {
    const unknown = used.flatMap(({ metric, labels }) =>
      labels
        .filter((label) => ![...alwaysThere, ...(existing.get(metric) ?? [label])].includes(label))
        .map((label) => `${metric}{${label}}`),
    );
    expect(unknown).toEqual([]);
  });

  it('follow the conventions: counters end in _total, others do not', async () => {
    const registry = new Registry();
    createCommandMetrics(registry);
    createProjectorMetrics(registry);
    createQueryMetrics(registry);
    const faults = (await registry.getMetricsAsJSON())
      .filter(({ name, type }) => (String(type) === 'counter') !== name.endsWith('_total'))
      .map(({ name }) => name);
    expect(faults).toEqual([]);
  });
});
