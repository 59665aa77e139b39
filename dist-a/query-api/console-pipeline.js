"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.takePipeline = void 0;
const metric_samples_1 = require("../chassis/metric-samples");
const topics_1 = require("../schemas/topics");
const others = ['command-api', 'saga', 'projector'];
const requests = { topic: topics_1.topics.orderRequests.name };
/** By its own metrics, of the partitions it has. */
const sagaLag = (processes) => {
    const samples = processes.look('saga')?.samples ?? [];
    const events = (0, metric_samples_1.sum)(samples, 'saga_lag_records', requests);
    const seconds = (0, metric_samples_1.most)(samples, 'saga_lag_seconds', requests);
    return events === undefined || seconds === undefined ? null : { events, ms: Math.round(seconds * 1000) };
};
const viewLag = (behind) => behind && { events: behind.events, ms: Math.round(behind.lagMs) };
const toProcess = (name, processes) => {
    const look = processes.look(name);
    return { name, state: look?.state ?? 'unknown', dependencies: look?.dependencies ?? {} };
};
const takePipeline = ({ processes, health, outcomesBehind }) => {
    const { status, dependencies } = health();
    return {
        processes: [
            ...others.map((name) => toProcess(name, processes)),
            { name: 'query-api', state: status, dependencies },
        ],
        circuit_breaker: processes.look('command-api')?.circuitBreaker ?? null,
        lag: { saga: sagaLag(processes), view: viewLag(outcomesBehind()) },
    };
};
exports.takePipeline = takePipeline;
//# sourceMappingURL=console-pipeline.js.map