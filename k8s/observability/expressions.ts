import type { Dashboard } from './dashboards/dashboard';

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A metric that an expression asks for, with the labels it filters by. */
export interface Use {
  readonly metric: string;
  readonly labels: readonly string[];
}

const named = /\b(command_api|saga|projector|query_api|flashsale|nodejs|process)_[a-z0-9_]+(\{[^}]*\})?/g;
const histogramSuffix = /_(bucket|sum|count)$/;

/** Metrics of ours and of Node's runtime in a PromQL expression; a histogram's series count as the histogram. */
export const usesOf = (expression: string): readonly Use[] =>
  [...expression.matchAll(named)].map(([text, , selector]) => ({
    metric: (selector === undefined ? text : text.slice(0, -selector.length)).replace(histogramSuffix, ''),
    labels: [...(selector ?? '').matchAll(/([a-z_]+)\s*[=!]/g)].map((match) => match[1] ?? ''),
  }));

export const expressionsOf = (dashboard: Dashboard): readonly string[] =>
  dashboard.rows.flatMap((row) => row.panels.flatMap((panel) => panel.queries.map((query) => query.expr)));
