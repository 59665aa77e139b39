import { dashboards } from '../generate/files';

interface Answer {
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

const answerTimeoutMs = 5_000;

const showsANumber = async (prometheusUrl: string, expression: string): Promise<boolean> => {
  const asked = new URLSearchParams({ query: expression });
  const answer = await fetch(`${prometheusUrl}/api/v1/query?${asked.toString()}`, {
    signal: AbortSignal.timeout(answerTimeoutMs),
  });
  if (!answer.ok) throw new Error(`${expression}: ${await answer.text()}`);
  const { data } = (await answer.json()) as Answer;
  return data.result.some(({ value }) => Number.isFinite(Number(value[1])));
};

/**
 * Panels for which a running Prometheus has no number now, as `dashboard: panel: series`.
 * @param rateInterval what Grafana would put for `$__rate_interval`: four scrapes or more, such as `10s`
 * @throws Error when Prometheus refuses an expression
 */
export const emptyPanels = async (
  prometheusUrl: string,
  rateInterval: string,
): Promise<readonly string[]> => {
  const asked = dashboards.flatMap(({ title, rows }) =>
    rows.flatMap(({ panels }) =>
      panels.flatMap((panel) =>
        panel.queries.map(({ expr, legend }) => ({
          expression: expr.replaceAll('$__rate_interval', rateInterval),
          name: `${title}: ${panel.title}: ${legend}`,
        })),
      ),
    ),
  );
  const shown = await Promise.all(asked.map(({ expression }) => showsANumber(prometheusUrl, expression)));
  return asked.filter((_, index) => !shown[index]).map(({ name }) => name);
};
