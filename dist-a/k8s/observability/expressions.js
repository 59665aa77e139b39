"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.expressionsOf = exports.usesOf = void 0;
const named = /\b(command_api|saga|projector|query_api|flashsale|nodejs|process)_[a-z0-9_]+(\{[^}]*\})?/g;
const histogramSuffix = /_(bucket|sum|count)$/;
/** Metrics of ours and of Node's runtime in a PromQL expression; a histogram's series count as the histogram. */
const usesOf = (expression) => [...expression.matchAll(named)].map(([text, , selector]) => ({
    metric: (selector === undefined ? text : text.slice(0, -selector.length)).replace(histogramSuffix, ''),
    labels: [...(selector ?? '').matchAll(/([a-z_]+)\s*[=!]/g)].map((match) => match[1] ?? ''),
}));
exports.usesOf = usesOf;
const expressionsOf = (dashboard) => dashboard.rows.flatMap((row) => row.panels.flatMap((panel) => panel.queries.map((query) => query.expr)));
exports.expressionsOf = expressionsOf;
//# sourceMappingURL=expressions.js.map