"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.statusLines = void 0;
const figures_1 = require("../render/figures");
const table_1 = require("../render/table");
const stateText = ({ state }, paint) => {
    switch (state) {
        case 'up':
            return paint.good('up');
        case 'degraded':
            return paint.warn('degraded');
        case 'down':
            return paint.bad('down');
        case 'silent':
            return paint.bad('does not answer');
    }
};
const processRow = (process, paint) => [
    process.name,
    stateText(process, paint),
    process.up_for_ms === undefined ? '-' : (0, figures_1.duration)(process.up_for_ms),
    process.missing.length === 0 ? '' : paint.bad(process.missing.join(', ')),
    paint.dim(process.url),
];
const amount = (name, value, most = Infinity) => ({
    name,
    value: value === undefined ? undefined : (0, figures_1.count)(Math.round(value * 10) / 10),
    isWell: value === undefined || value <= most,
});
const word = (name, value, well) => ({
    name,
    value,
    isWell: value === undefined || value === well,
});
/** Seconds over which an alert fires, and counts whose goal is 0. */
const figuresOf = ({ figures }) => [
    word('circuit breaker', figures.breaker, 'closed'),
    word('stock store', figures.stock_store, 'open'),
    amount('epoch', figures.epoch),
    amount('saga behind, records', figures.saga_lag_records),
    amount('saga behind, seconds', figures.saga_lag_seconds, 30),
    amount('views behind, seconds', figures.view_lag_seconds, 30),
    amount('payments in flight', figures.payments_in_flight),
    amount('overdue orders', figures.overdue_orders, 0),
    amount('oversold units', figures.oversold_units, 0),
    amount('dead letters', figures.dead_letters, 0),
];
const shown = ({ value, isWell }, paint) => {
    if (value === undefined)
        return paint.dim('unknown');
    return isWell ? value : paint.bad(value);
};
const statusLines = (status, paint) => {
    const columns = ['process', 'state', 'up for', 'does not reach', 'address'].map((title) => ({ title }));
    return [
        ...(0, table_1.table)(columns, status.processes.map((process) => processRow(process, paint)), paint),
        '',
        ...(0, table_1.table)([{ title: 'figure' }, { title: 'now', align: 'right' }], figuresOf(status).map((figure) => [figure.name, shown(figure, paint)]), paint),
    ];
};
exports.statusLines = statusLines;
//# sourceMappingURL=status-lines.js.map