"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.emptyPanels = void 0;
const files_1 = require("../generate/files");
const answerTimeoutMs = 5_000;
const showsANumber = async (prometheusUrl, expression) => {
    const asked = new URLSearchParams({ query: expression });
    const answer = await fetch(`${prometheusUrl}/api/v1/query?${asked.toString()}`, {
        signal: AbortSignal.timeout(answerTimeoutMs),
    });
    if (!answer.ok)
        throw new Error(`${expression}: ${await answer.text()}`);
    const { data } = (await answer.json());
    return data.result.some(({ value }) => Number.isFinite(Number(value[1])));
};
/**
 * Panels for which a running Prometheus has no number now, as `dashboard: panel: series`.
 * @param rateInterval what Grafana would put for `$__rate_interval`: four scrapes or more, such as `10s`
 * @throws Error when Prometheus refuses an expression
 */
const emptyPanels = async (prometheusUrl, rateInterval) => {
    const asked = files_1.dashboards.flatMap(({ title, rows }) => rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries.map(({ expr, legend }) => ({
        expression: expr.replaceAll('$__rate_interval', rateInterval),
        name: `${title}: ${panel.title}: ${legend}`,
    })))));
    const shown = await Promise.all(asked.map(({ expression }) => showsANumber(prometheusUrl, expression)));
    return asked.filter((_, index) => !shown[index]).map(({ name }) => name);
};
exports.emptyPanels = emptyPanels;
//# sourceMappingURL=panel-answers.js.map