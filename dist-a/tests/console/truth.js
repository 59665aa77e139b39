"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.liesOf = void 0;
const orders = () => 1;
const units = (fact) => fact.units;
/** What the chart and its legend show. */
const shownMs = 120_000;
/** The last second of the chart is shown while it goes on, and the first one as a whole. */
const edgeMs = 1_000;
const sumOf = (facts, kinds, value) => facts.filter(({ kind }) => kinds.includes(kind)).reduce((sum, fact) => sum + value(fact), 0);
const decided = ['completed', 'failed'];
/**
 * What the log says about what was shown: each value lies between the fold of the log at the moment the page was read
 * and the fold `stalenessMs` before. What only grows needs no more; what is open is what came less what went.
 */
const claimsOf = (shown, facts, stalenessMs) => {
    const sinceMs = shown.fromMs - stalenessMs;
    const now = facts.filter(({ atMs }) => atMs <= shown.toMs);
    const before = facts.filter(({ atMs }) => atMs <= sinceMs);
    const nowOfChart = now.filter(({ atMs }) => atMs > sinceMs - shownMs - edgeMs);
    const beforeOfChart = before.filter(({ atMs }) => atMs > shown.toMs - shownMs + edgeMs);
    const growing = (name, value, kind) => ({
        name,
        shown: value,
        least: sumOf(beforeOfChart, [kind], orders),
        most: sumOf(nowOfChart, [kind], orders),
    });
    const open = (name, value, of) => ({
        name,
        shown: value,
        least: Math.max(0, sumOf(before, ['accepted'], of) - sumOf(now, decided, of)),
        most: sumOf(now, ['accepted'], of) - sumOf(before, decided, of),
    });
    return [
        growing('accepted', shown.accepted, 'accepted'),
        growing('completed', shown.completed, 'completed'),
        growing('failed', shown.failed, 'failed'),
        growing('dead letters', shown.letters, 'letter'),
        open('open', shown.open, orders),
    ];
};
/** What the rates are averages of: five whole seconds before the one of the clock. */
const rateSeconds = 5;
const rateClaims = (shown, facts, stalenessMs) => {
    const ofWindow = facts.filter(({ atMs }) => atMs >= shown.secondMs - rateSeconds * 1_000 && atMs < shown.secondMs);
    const sure = ofWindow.filter(({ atMs }) => atMs <= shown.secondMs - stalenessMs);
    const rate = (name, value, kinds) => ({
        name,
        shown: value,
        least: Math.round(sumOf(sure, kinds, orders) / rateSeconds),
        most: Math.round(sumOf(ofWindow, kinds, orders) / rateSeconds),
    });
    return [
        rate('accepted a second', shown.acceptedPerSecond, ['accepted']),
        rate('decided a second', shown.decidedPerSecond, decided),
    ];
};
/** As the page writes it. */
const written = (ms) => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);
/** Every percentile is the time that some order took which was decided just before; never one that no order took. */
const latencyLies = (shown, facts, stalenessMs) => {
    const recent = facts.filter(({ kind, atMs }) => decided.some((one) => one === kind) && atMs <= shown.toMs && atMs > shown.fromMs - stalenessMs);
    const taken = new Set(recent.map(({ tookMs }) => written(tookMs)));
    return shown.latency
        .filter((text) => !taken.has(text))
        .map((text) => `latency: ${text} shown, and no order took that`);
};
const itemClaims = ({ item, fromMs, toMs }, facts, stalenessMs) => {
    const now = facts.filter(({ atMs }) => atMs <= toMs);
    const before = facts.filter(({ atMs }) => atMs <= fromMs - stalenessMs);
    const most = sumOf(now, ['accepted'], units) - sumOf(before, decided, units);
    const least = Math.max(0, sumOf(before, ['accepted'], units) - sumOf(now, decided, units));
    const soldBefore = sumOf(before, ['completed'], units);
    return [
        { name: 'sold', shown: item.sold, least: soldBefore, most: sumOf(now, ['completed'], units) },
        { name: 'in progress', shown: item.pending, least, most },
    ];
};
/** What on the page the log does not bear out; empty: it told the truth. */
const liesOf = (shown, facts, sale) => {
    const { stalenessMs } = sale;
    const ofItem = facts.filter(({ itemId }) => itemId === sale.itemId);
    const claims = [
        ...claimsOf(shown, facts, stalenessMs),
        ...rateClaims(shown, facts, stalenessMs),
        ...itemClaims(shown, ofItem, stalenessMs),
        { name: 'stocked', shown: shown.item.stocked, least: sale.stocked, most: sale.stocked },
        {
            name: 'left',
            shown: shown.item.left,
            least: sale.stocked - shown.item.sold,
            most: sale.stocked - shown.item.sold,
        },
        { name: 'oversold', shown: shown.oversold, least: 0, most: 0 },
    ];
    const lies = claims
        .filter(({ shown: value, least, most }) => !(value >= least && value <= most))
        .map(({ name, shown: value, least, most }) => `${name}: ${value} shown, the log says ${least} to ${most}`);
    return [...lies, ...latencyLies(shown, facts, stalenessMs)];
};
exports.liesOf = liesOf;
//# sourceMappingURL=truth.js.map