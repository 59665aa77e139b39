import { createServer } from 'node:http';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createHealthMonitor } from '../../chassis/health';
import { countConnections } from '../../chassis/http/connections';
import { silentLog } from '../../chassis/log';
import { createMetrics } from '../../chassis/metrics';
import { createCommandGauges, createCommandMetrics } from '../../command-api/command-metrics';
import { createProjectorMetrics } from '../../projector/projector-metrics';
import { watchViewFigures } from '../../query-api/figures-metrics';
import { createQueryMetrics } from '../../query-api/query-metrics';
import { createSagaMetrics } from '../../saga/metrics';
import { dashboards } from '../generate/files';
import { ruleGroups } from '../generate/prometheus-rule';
import { expressionsOf, usesOf, type Rule, type Use } from './expressions';

/** Every metric of every service, by name, with its labels: as the services make them, not as a text says. */
const metricsOfServices = (): ReadonlyMap<string, readonly string[]> => {
  const registry = createMetrics('test', '0');
  createHealthMonitor([], { log: silentLog, metrics: registry }).stop();
  countConnections(createServer(), registry);
  createCommandMetrics(registry);
  createCommandGauges(registry, { breakerState: () => 'closed', inFlight: () => 0, logQueue: () => 0 });
  createSagaMetrics(registry, {
    lag: () => [],
    gateState: () => 'open',
    epoch: () => 0,
    paymentsInFlight: () => 0,
    outcomeIndex: () => ({ read: 0, total: 0, bytes: 0 }),
  });
  createProjectorMetrics(registry).watch({ lag: () => [] });
  createQueryMetrics(registry).watch({
    waiters: () => 0,
    streams: () => 0,
    isListening: () => true,
    lags: () => [],
  });
  const figures = watchViewFigures(() => Promise.reject(new Error('no database')), {
    metrics: registry,
    log: silentLog,
  });
  void figures.stop();
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

  it('are counted by a service', () => {
    const missing = used.filter(({ metric }) => !existing.has(metric)).map(({ metric }) => metric);
    expect([...new Set(missing)]).toEqual([]);
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
