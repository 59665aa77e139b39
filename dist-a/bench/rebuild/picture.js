"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.pictureOf = void 0;
const time_panels_1 = require("../../tests/support/time-panels");
/** The run as an SVG document: what readers felt while the view was built, verified and switched. */
const pictureOf = (title, run) => {
    const begin = run.phases[0]?.fromMs ?? 0;
    const end = run.phases.at(-1)?.toMs ?? begin;
    const latencies = run.reads.map(({ dueAtMs, tookMs }) => [dueAtMs, tookMs]);
    const answered = run.reads.map(({ dueAtMs, tookMs }) => dueAtMs + tookMs);
    const built = run.built.map(({ atMs, events }) => ({ x: atMs - begin, y: events }));
    const bands = run.phases
        .filter(({ name }) => name !== 'before' && name !== 'after')
        .map(({ name, fromMs, toMs }) => ({ name, from: fromMs - begin, to: toMs - begin }));
    const panels = [
        {
            title: 'time of a read, ms',
            lines: [
                { name: 'p99', colour: '#c60', points: (0, time_panels_1.quantile)(latencies, begin, 0.99) },
                { name: 'p50', colour: '#06c', points: (0, time_panels_1.quantile)(latencies, begin, 0.5) },
            ],
        },
        {
            title: 'reads answered a second',
            lines: [{ name: 'answered', colour: '#06c', points: (0, time_panels_1.perSecond)(answered, begin, end) }],
        },
        {
            title: 'events in the rebuilt view',
            lines: [{ name: 'folded', colour: '#629', points: built }],
        },
    ];
    return (0, time_panels_1.drawPanels)(title, panels, end - begin, bands);
};
exports.pictureOf = pictureOf;
//# sourceMappingURL=picture.js.map