import type { Query } from './dashboard';

/** Per second over the last minute: four scrapes of 15 s. */
export const rate = (selector: string, by: readonly string[] = []): string =>
  `sum${by.length === 0 ? '' : ` by (${by.join(', ')})`} (rate(${selector}[$__rate_interval]))`;

const quantiles = [
  { q: 0.5, legend: 'p50' },
  { q: 0.95, legend: 'p95' },
  { q: 0.99, legend: 'p99' },
] as const;

/** The 50th, 95th and 99th percentile of a histogram. */
export const percentiles = (histogram: string): readonly Query[] =>
  quantiles.map(({ q, legend }) => ({
    expr: `histogram_quantile(${q}, sum by (le) (rate(${histogram}_bucket[$__rate_interval])))`,
    legend,
  }));

/** One percentile for each value of a label. */
export const percentileBy = (q: number, histogram: string, label: string): Query => ({
  expr: `histogram_quantile(${q}, sum by (le, ${label}) (rate(${histogram}_bucket[$__rate_interval])))`,
  legend: `{{${label}}}`,
});
