"use strict";
/**
 * Dashboards as code: a dashboard is rows of panels, a panel is a title and what to ask Prometheus.
 * `dashboardJson` makes of it what Grafana's provisioning reads; the JSON files are generated, never edited.
 */
Object.defineProperty(exports, "__esModule", { value: true });
exports.dashboardJson = void 0;
const gridColumns = 24;
const panelHeight = 8;
const numberHeight = 4;
/** Chosen at the top of the dashboard, because a data source's uid differs from one Grafana to the next. */
const datasource = { type: 'prometheus', uid: '${datasource}' };
const grafanaType = {
    graph: 'timeseries',
    stacked: 'timeseries',
    number: 'stat',
    bars: 'bargauge',
};
const thresholds = (redFrom) => ({
    mode: 'absolute',
    steps: [
        { color: 'green', value: null },
        ...(redFrom === undefined ? [] : [{ color: 'red', value: redFrom }]),
    ],
});
/** A soft minimum: an epoch of -1 must be seen. A threshold is a line, as the series keep their own colours. */
const custom = ({ kind, redFrom }) => ({
    axisSoftMin: 0,
    thresholdsStyle: { mode: redFrom === undefined ? 'off' : 'line' },
    ...(kind === 'stacked'
        ? { fillOpacity: 40, stacking: { mode: 'normal', group: 'A' } }
        : { fillOpacity: 8 }),
});
const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false };
const graphOptions = {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
    tooltip: { mode: 'multi', sort: 'desc' },
};
const options = {
    graph: graphOptions,
    stacked: graphOptions,
    number: { reduceOptions, colorMode: 'background', graphMode: 'area' },
    bars: { reduceOptions, displayMode: 'basic', orientation: 'horizontal' },
};
const targets = (queries, instant) => queries.map(({ expr, legend }, index) => ({
    datasource,
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    expr,
    legendFormat: legend,
    instant,
    range: !instant,
}));
const panelJson = (panel, id, gridPos) => ({
    id,
    type: grafanaType[panel.kind],
    title: panel.title,
    description: panel.about,
    datasource,
    gridPos,
    fieldConfig: {
        defaults: {
            unit: panel.unit,
            thresholds: thresholds(panel.redFrom),
            ...(panel.kind === 'graph' || panel.kind === 'stacked' ? { custom: custom(panel) } : { min: 0 }),
        },
        overrides: [],
    },
    options: options[panel.kind],
    targets: targets(panel.queries, panel.kind === 'bars'),
});
/** A row's title, and below it its panels side by side, all of one width. */
const rowJson = (row, top, firstId) => {
    const width = Math.floor(gridColumns / row.panels.length);
    const height = row.panels.every((panel) => panel.kind === 'number') ? numberHeight : panelHeight;
    const title = {
        id: firstId,
        type: 'row',
        title: row.title,
        collapsed: false,
        gridPos: { x: 0, y: top, w: gridColumns, h: 1 },
        panels: [],
    };
    const panels = row.panels.map((panel, index) => panelJson(panel, firstId + 1 + index, { x: index * width, y: top + 1, w: width, h: height }));
    return { panels: [title, ...panels], bottom: top + 1 + height };
};
const datasourceVariable = {
    name: 'datasource',
    label: 'Prometheus',
    type: 'datasource',
    query: 'prometheus',
    hide: 0,
};
/** Keeps the time that is looked at: whoever sees a dip in one dashboard looks for its cause in another. */
const linkToOthers = {
    type: 'dashboards',
    tags: ['flash-sale'],
    title: 'Flash sale',
    tooltip: '',
    icon: 'external link',
    asDropdown: true,
    targetBlank: false,
    includeVars: true,
    keepTime: true,
};
/** The dashboard as Grafana's JSON model, one member a line so that a change can be reviewed. */
const dashboardJson = (dashboard) => {
    const panels = [];
    let top = 0;
    for (const row of dashboard.rows) {
        const laid = rowJson(row, top, panels.length + 1);
        panels.push(...laid.panels);
        top = laid.bottom;
    }
    const model = {
        uid: dashboard.uid,
        title: dashboard.title,
        description: dashboard.about,
        tags: ['flash-sale'],
        timezone: 'browser',
        schemaVersion: 39,
        refresh: '5s',
        time: { from: 'now-30m', to: 'now' },
        graphTooltip: 1,
        editable: false,
        links: [linkToOthers],
        templating: { list: [datasourceVariable] },
        annotations: { list: [] },
        panels,
    };
    return `${JSON.stringify(model, null, 2)}\n`;
};
exports.dashboardJson = dashboardJson;
//# sourceMappingURL=dashboard.js.map