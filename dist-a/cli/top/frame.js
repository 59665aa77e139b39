"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.frameLines = void 0;
const node_util_1 = require("node:util");
const figures_1 = require("../render/figures");
const paint_1 = require("../render/paint");
const items_1 = require("../render/items");
/** Rates are the mean of this many whole seconds; the one that is not over yet counts for nothing. */
const rateSeconds = 5;
const sparkSeconds = 60;
const levels = [' ', '.', ':', '-', '=', '+', '*', '#'];
const whole = ({ seconds }) => seconds.slice(0, -1);
const rate = (snapshot, of) => whole(snapshot)
    .slice(-rateSeconds)
    .reduce((total, second) => total + of(second), 0) / rateSeconds;
const failedOf = ({ failed }) => Object.values(failed).reduce((total, orders) => total + orders, 0);
/** Orders accepted in each of the last seconds, as heights. */
const spark = (snapshot) => {
    const values = whole(snapshot)
        .slice(-sparkSeconds)
        .map(({ accepted }) => accepted);
    const most = Math.max(1, ...values);
    return values
        .map((value) => levels[value === 0 ? 0 : Math.max(1, Math.round((value / most) * (levels.length - 1)))] ?? ' ')
        .join('');
};
const figure = (name, value) => `${name} ${value}`;
const headLines = (snapshot, paint) => {
    const { latency, lag_ms: lagMs, oversold, dead_letters: letters } = snapshot;
    const wanted = (value) => (value === 0 ? (0, figures_1.count)(0) : paint.bad((0, figures_1.count)(value)));
    return [
        [
            figure('accepted/s', paint.bold((0, figures_1.count)(Math.round(rate(snapshot, ({ accepted }) => accepted))))),
            figure('completed/s', paint.good((0, figures_1.count)(Math.round(rate(snapshot, ({ completed }) => completed))))),
            figure('failed/s', (0, figures_1.count)(Math.round(rate(snapshot, failedOf)))),
            figure('open', (0, figures_1.count)(snapshot.open_orders)),
        ].join('   '),
        [
            figure('lag', lagMs === null ? paint.warn('unknown') : (0, figures_1.duration)(lagMs)),
            figure('decided p50/p99', latency ? `${(0, figures_1.duration)(latency.p50)} / ${(0, figures_1.duration)(latency.p99)}` : '-'),
            figure('dead letters', wanted(letters)),
            figure('oversold', wanted(oversold)),
        ].join('   '),
        '',
        `${paint.dim('accepted, last minute')}  |${spark(snapshot)}|`,
    ];
};
const failureLines = (snapshot, paint) => {
    const byReason = new Map();
    for (const { failed } of snapshot.seconds) {
        for (const [reason, orders] of Object.entries(failed))
            byReason.set(reason, (byReason.get(reason) ?? 0) + orders);
    }
    const sorted = [...byReason].sort(([, a], [, b]) => b - a);
    const most = sorted[0]?.[1] ?? 0;
    if (sorted.length === 0)
        return [paint.dim('no order failed in the last two minutes')];
    return [
        paint.dim('failed, last two minutes'),
        ...sorted.map(([reason, orders]) => `  ${(0, paint_1.padEnd)(reason, 16)} ${(0, figures_1.bar)(orders, most, 20)} ${(0, paint_1.padStart)((0, figures_1.count)(orders), 8)}`),
    ];
};
const nameWidth = 24;
const stockLines = ({ items }, paint, rowsMax) => {
    const busiest = [...items].sort((a, b) => b.orders.pending - a.orders.pending || b.sold - a.sold);
    const shown = busiest.slice(0, Math.max(1, rowsMax));
    const more = items.length - shown.length;
    return [
        paint.dim(`${(0, paint_1.padEnd)('stock', nameWidth + 2)}${(0, paint_1.padEnd)('sold', 32)}${(0, paint_1.padStart)('left', 10)}${(0, paint_1.padStart)('pending', 10)}`),
        ...shown.map((item) => {
            const left = (0, paint_1.padStart)((0, figures_1.count)(item.available), 10);
            const name = (0, paint_1.padEnd)((0, paint_1.harmless)(item.item_id).slice(0, nameWidth), nameWidth);
            const colour = item.available < 0 ? paint.bad : item.available === 0 ? paint.warn : (text) => text;
            return `  ${name}${(0, items_1.soldBar)(item, 30)}  ${colour(left)}${(0, paint_1.padStart)((0, figures_1.count)(item.pending), 10)}`;
        }),
        ...(more > 0 ? [paint.dim(`  and ${more} more: flash-sale stock show`)] : []),
    ];
};
const titleOf = (news, paint) => {
    if (news.kind === 'unknown')
        return paint.bad(`The views do not answer since ${news.since}.`);
    const { at, pipeline } = news.snapshot;
    const unwell = pipeline.processes.filter(({ state }) => state !== 'up');
    const list = unwell.map(({ name, state }) => `${name} ${state}`).join(', ');
    const state = unwell.length === 0 ? paint.good('up') : paint.bad((0, paint_1.harmless)(list));
    return `${paint.bold('flash-sale')}  ${at.slice(11, 19)} UTC  ${state}  ${paint.dim('q quits')}`;
};
/** What the screen shows. While nobody knows the figures, the last known ones stay, under a line that says so. */
const frameLines = (news, last, size, paint) => {
    const snapshot = news.kind === 'snapshot' ? news.snapshot : last;
    if (!snapshot)
        return [titleOf(news, paint)];
    const head = [titleOf(news, paint), ...headLines(snapshot, paint), ''];
    const failures = failureLines(snapshot, paint);
    const rowsLeft = size.rows - head.length - failures.length - 4;
    const all = [...head, ...stockLines(snapshot, paint, rowsLeft), '', ...failures];
    return all
        .slice(0, size.rows - 1)
        .map((line) => ((0, paint_1.widthOf)(line) <= size.columns ? line : cut(line, size.columns)));
};
exports.frameLines = frameLines;
/** A line that is too wide would wrap and shift all others; it loses its colours instead. */
const cut = (line, columns) => Array.from((0, node_util_1.stripVTControlCharacters)(line)).slice(0, columns).join('');
//# sourceMappingURL=frame.js.map