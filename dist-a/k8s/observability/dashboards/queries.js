"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.percentileBy = exports.percentiles = exports.rate = void 0;
/** Per second over the last minute: four scrapes of 15 s. */
const rate = (selector, by = []) => `sum${by.length === 0 ? '' : ` by (${by.join(', ')})`} (rate(${selector}[$__rate_interval]))`;
exports.rate = rate;
const quantiles = [
    { q: 0.5, legend: 'p50' },
    { q: 0.95, legend: 'p95' },
    { q: 0.99, legend: 'p99' },
];
/** The 50th, 95th and 99th percentile of a histogram. */
const percentiles = (histogram) => quantiles.map(({ q, legend }) => ({
    expr: `histogram_quantile(${q}, sum by (le) (rate(${histogram}_bucket[$__rate_interval])))`,
    legend,
}));
exports.percentiles = percentiles;
/** One percentile for each value of a label. */
const percentileBy = (q, histogram, label) => ({
    expr: `histogram_quantile(${q}, sum by (le, ${label}) (rate(${histogram}_bucket[$__rate_interval])))`,
    legend: `{{${label}}}`,
});
exports.percentileBy = percentileBy;
//# sourceMappingURL=queries.js.map