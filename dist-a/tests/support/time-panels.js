"use strict";
/** Draws what was measured over a run: lines over time in panels, with bands for what was done to it meanwhile. */
Object.defineProperty(exports, "__esModule", { value: true });
exports.drawPanels = exports.quantile = exports.perSecond = exports.bucketOf = exports.stepMs = void 0;
const width = 960;
const panelHeight = 150;
const left = 60;
const right = 20;
const top = 46;
const gap = 46;
/** A point of a line sums up so much time. */
exports.stepMs = 500;
/** Which step of the picture a moment belongs to. */
const bucketOf = (at, begin) => Math.floor((at - begin) / exports.stepMs);
exports.bucketOf = bucketOf;
/** How many of the moments fall into each step, as a rate. */
const perSecond = (times, begin, end) => {
    const counts = new Array((0, exports.bucketOf)(end, begin) + 1).fill(0);
    for (const at of times) {
        const bucket = (0, exports.bucketOf)(at, begin);
        if (bucket >= 0 && bucket < counts.length)
            counts[bucket] += 1;
    }
    return counts.map((count, index) => ({ x: (index + 0.5) * exports.stepMs, y: (count * 1000) / exports.stepMs }));
};
exports.perSecond = perSecond;
/** The quantile `share` of the samples of each step that has some. */
const quantile = (samples, begin, share) => {
    const buckets = new Map();
    for (const [at, value] of samples) {
        const bucket = (0, exports.bucketOf)(at, begin);
        buckets.set(bucket, [...(buckets.get(bucket) ?? []), value]);
    }
    return [...buckets]
        .sort(([one], [other]) => one - other)
        .map(([bucket, values]) => {
        const sorted = values.toSorted((one, other) => one - other);
        const at = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
        return { x: (bucket + 0.5) * exports.stepMs, y: sorted[at] ?? 0 };
    });
};
exports.quantile = quantile;
/** More names than this cover each other, and half an hour of faults has 147; the run's folder lists them. */
const namedMax = 12;
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const nice = (most) => {
    if (most <= 0)
        return 1;
    const power = 10 ** Math.floor(Math.log10(most));
    return [1, 2, 5, 10].map((factor) => factor * power).find((limit) => limit >= most) ?? most;
};
const drawPanel = (panel, index, spanMs, bands) => {
    const y0 = top + index * (panelHeight + gap);
    const most = nice(Math.max(...panel.lines.flatMap(({ points }) => points.map(({ y }) => y)), 0));
    const x = (ms) => (left + (ms / spanMs) * (width - left - right)).toFixed(1);
    const y = (value) => (y0 + panelHeight - (value / most) * panelHeight).toFixed(1);
    const shades = bands.map(({ from, to }) => {
        const wide = Math.max(1, Number(x(to)) - Number(x(from)));
        return `<rect x="${x(from)}" y="${y0}" width="${wide.toFixed(1)}" height="${panelHeight}" fill="#d33" opacity="0.13"/>`;
    });
    const grid = [0, 0.5, 1].map((share) => {
        const at = y(most * share);
        return `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="#ccc"/><text x="${left - 6}" y="${Number(at) + 4}" text-anchor="end">${most * share}</text>`;
    });
    const lines = panel.lines.map(({ colour, points }) => {
        const path = points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ');
        return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${path}"/>`;
    });
    const legend = panel.lines.map(({ name, colour }, at) => `<text x="${width - right - at * 130}" y="${y0 - 6}" text-anchor="end" fill="${colour}">${escape(name)}</text>`);
    const title = `<text x="${left}" y="${y0 - 6}" font-weight="bold">${escape(panel.title)}</text>`;
    return [...shades, ...grid, ...lines, ...legend, title].join('\n');
};
const drawAxis = (spanMs, panels, bands) => {
    const y = top + panels * (panelHeight + gap) - gap + 16;
    const everyMs = nice(spanMs / 12);
    const ticks = [];
    for (let ms = 0; ms <= spanMs; ms += everyMs) {
        const x = left + (ms / spanMs) * (width - left - right);
        ticks.push(`<text x="${x.toFixed(1)}" y="${y}" text-anchor="middle">${Math.round(ms / 100) / 10} s</text>`);
    }
    const names = (bands.length > namedMax ? [] : bands).map(({ name, from }, index) => {
        const x = left + (from / spanMs) * (width - left - right);
        return `<text x="${x.toFixed(1)}" y="${top + 12 + (index % 4) * 12}" fill="#a00" font-size="10">${escape(name)}</text>`;
    });
    return [...ticks, ...names].join('\n');
};
/** Panels over one axis of time as an SVG document; `bands` are shaded in all of them. */
const drawPanels = (title, panels, spanMs, bands) => {
    const height = top + panels.length * (panelHeight + gap);
    const body = panels.map((panel, index) => drawPanel(panel, index, spanMs, bands));
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
        `<rect width="${width}" height="${height}" fill="white"/>`,
        `<text x="${left}" y="18" font-size="15" font-weight="bold">${escape(title)}</text>`,
        ...body,
        drawAxis(spanMs, panels.length, bands),
        '</svg>\n',
    ].join('\n');
};
exports.drawPanels = drawPanels;
//# sourceMappingURL=time-panels.js.map