"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.reportLines = void 0;
const figures_1 = require("../render/figures");
const paint_1 = require("../render/paint");
const table_1 = require("../render/table");
const shownPerClass = 20;
const cell = (value) => {
    if (value === null || value === undefined)
        return '-';
    if (typeof value !== 'object')
        return (0, paint_1.harmless)(typeof value === 'string' ? value : JSON.stringify(value));
    if (Array.isArray(value))
        return value.map(cell).join(', ');
    return Object.entries(value)
        .map(([name, one]) => `${name} ${cell(one)}`)
        .join(', ');
};
const rowOf = ({ class: name, key, expected, actual, offsets }) => [
    name,
    (0, paint_1.harmless)(key),
    cell(expected),
    cell(actual),
    offsets.slice(0, 3).join(' '),
];
const differenceLines = (report, paint) => {
    const shown = report.classes.flatMap(({ class: name }) => report.differences.filter((difference) => difference.class === name).slice(0, shownPerClass));
    const columns = ['class', 'key', 'the log says', 'the store holds', 'records'].map((title) => ({ title }));
    return [
        ...(0, table_1.table)(columns, shown.map(rowOf), paint),
        '',
        ...report.classes.map(({ class: name, meaning, count: times }) => `${paint.bad(name)} ${(0, figures_1.count)(times)}: ${meaning}`),
    ];
};
const verdictOf = (report, paint) => {
    const total = report.classes.reduce((sum, { count: times }) => sum + times, 0);
    switch (report.verdict) {
        case 'clean':
            return paint.good('clean: everything agrees with the log');
        case 'differences':
            return paint.bad(`${(0, figures_1.count)(total)} ${total === 1 ? 'difference' : 'differences'}`);
        case 'cannot tell':
            return paint.warn('could not tell');
    }
};
const reportLines = (report, paint) => {
    const seen = Object.entries(report.looked_at).map(([what, number]) => `${(0, figures_1.count)(number)} ${what}`);
    return [
        ...(report.classes.length === 0 ? [] : [...differenceLines(report, paint), '']),
        ...report.untold.map((why) => `${paint.warn('not told')} ${(0, paint_1.harmless)(why)}`),
        ...(report.skipped ?? []).map((what) => `not asked for: ${what}`),
        ...(seen.length === 0 ? [] : [`looked at ${seen.join(', ')}`]),
        verdictOf(report, paint),
    ];
};
exports.reportLines = reportLines;
//# sourceMappingURL=report-lines.js.map