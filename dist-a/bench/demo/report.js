"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.verdictLines = exports.summary = exports.progressLine = exports.table = exports.percentile = void 0;
/** The p-th percentile (0–100) by nearest rank of values in any order; 0 for none. */
const percentile = (values, p) => {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))] ?? 0;
};
exports.percentile = percentile;
const milliseconds = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
/** Rows as aligned columns; the first column is left-aligned, the others right-aligned. */
const table = (rows) => {
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    return rows
        .map((row) => `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`)
        .join('\n');
};
exports.table = table;
const bar = (share, width) => {
    const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
    return `${'█'.repeat(filled)}${'·'.repeat(width - filled)}`;
};
const counts = (values) => Object.entries(values)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, value]) => `${key} ${value}`)
    .join('  ');
const progressLine = (progress, total, elapsedMs) => `${bar(progress.pressed / total, 24)} ${progress.pressed}/${total} pressed  ${progress.accepted} accepted  ` +
    `${progress.terminal} decided  ${Math.round(progress.accepted / (elapsedMs / 1000))} orders/s`;
exports.progressLine = progressLine;
const latencyRow = (name, values) => [
    name,
    ...[50, 95, 99].map((p) => milliseconds((0, exports.percentile)(values, p))),
    milliseconds(Math.max(0, ...values)),
];
const itemRows = ({ items, shown, orders }) => items.map(({ itemId, stocked }) => {
    const wanted = orders
        .filter(({ body }) => body.item_id === itemId)
        .reduce((sum, { body }) => sum + body.amount, 0);
    const sold = shown.find((item) => item.itemId === itemId)?.sold ?? 0;
    return [
        itemId,
        String(wanted),
        String(stocked),
        String(sold),
        String(Math.max(0, sold - stocked)),
        bar(sold / stocked, 20),
    ];
});
/** The summary a person reads after the burst. */
const summary = (evidence, progress, elapsedMs) => {
    const { orders } = evidence;
    const terminalMs = orders.flatMap((order) => order.terminalMs ?? []);
    return [
        '',
        `  accepted   ${progress.accepted}  in ${(elapsedMs / 1000).toFixed(1)} s`,
        `  outcomes   ${counts(progress.byStatus)}`,
        `  refused    ${counts(progress.refused) || 'none'}   (409: the same press again, 400: faulty on purpose)`,
        '',
        (0, exports.table)([
            ['latency', 'p50', 'p95', 'p99', 'max'],
            latencyRow('press → 202', orders.map((order) => order.acceptMs)),
            latencyRow('202 → terminal', terminalMs),
        ]),
        '',
        (0, exports.table)([['item', 'wanted', 'stocked', 'sold', 'oversold', ''], ...itemRows(evidence)]),
        '',
    ].join('\n');
};
exports.summary = summary;
const violationsShownMax = 5;
const verdictLines = (verdicts) => verdicts
    .flatMap(({ name, violations, notChecked }) => {
    if (notChecked !== undefined)
        return [`  ?  ${name}: not checked, ${notChecked}`];
    if (violations.length === 0)
        return [`  ✓  ${name}`];
    const more = violations.length - violationsShownMax;
    return [
        `  ✗  ${name}: ${violations.length} violations`,
        ...violations.slice(0, violationsShownMax).map((violation) => `       ${violation}`),
        ...(more > 0 ? [`       and ${more} more`] : []),
    ];
})
    .join('\n');
exports.verdictLines = verdictLines;
//# sourceMappingURL=report.js.map