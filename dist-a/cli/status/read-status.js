"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readStatus = void 0;
const metric_samples_1 = require("../../chassis/metric-samples");
const process_look_1 = require("../../chassis/process-look");
const names = {
    commandApi: 'command-api',
    saga: 'saga',
    projector: 'projector',
    queryApi: 'query-api',
};
const timeoutMs = 5_000;
const look = async (api, to, url) => {
    const found = await (0, process_look_1.lookAtProcess)(async (path) => (await api.call(to, path, { timeoutMs })).body);
    const startedAtSeconds = (0, metric_samples_1.most)(found.samples, 'process_start_time_seconds');
    const dependencies = Object.entries(found.dependencies);
    const process = {
        name: names[to],
        url,
        state: found.state,
        missing: dependencies.filter(([, { status }]) => status !== 'up').map(([dependency]) => dependency),
        up_for_ms: startedAtSeconds === undefined ? undefined : Math.max(0, Date.now() - startedAtSeconds * 1000),
    };
    return { ...found, process };
};
/** Asks every process for its health and its metrics. Never rejects: a process that is silent is told as such. */
const readStatus = async (api, addresses) => {
    const ask = (to) => look(api, to, addresses[to]);
    const [commands, saga, projector, queries] = await Promise.all([
        ask('commandApi'),
        ask('saga'),
        ask('projector'),
        ask('queryApi'),
    ]);
    const processes = [commands, saga, projector, queries].map(({ process }) => process);
    return {
        is_well: processes.every(({ state }) => state === 'up' || state === 'degraded'),
        processes,
        figures: {
            breaker: commands.circuitBreaker,
            stock_store: (0, metric_samples_1.stateOf)(saga.samples, 'saga_gate_state', 'state'),
            epoch: (0, metric_samples_1.most)(saga.samples, 'saga_epoch'),
            saga_lag_records: (0, metric_samples_1.sum)(saga.samples, 'saga_lag_records'),
            saga_lag_seconds: (0, metric_samples_1.most)(saga.samples, 'saga_lag_seconds'),
            view_lag_seconds: (0, metric_samples_1.most)(queries.samples, 'query_api_view_lag_seconds'),
            overdue_orders: (0, metric_samples_1.most)(queries.samples, 'query_api_overdue_orders'),
            oversold_units: (0, metric_samples_1.most)(queries.samples, 'query_api_oversold_units'),
            dead_letters: (0, metric_samples_1.most)(queries.samples, 'query_api_dead_letters'),
            payments_in_flight: (0, metric_samples_1.most)(saga.samples, 'saga_payments_in_flight'),
        },
    };
};
exports.readStatus = readStatus;
//# sourceMappingURL=read-status.js.map