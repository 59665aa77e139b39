"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.pipeline = void 0;
const queries_1 = require("./queries");
exports.pipeline = {
    uid: 'flash-sale-pipeline',
    title: 'Flash sale / Pipeline',
    about: 'HTTP → order-requests → saga → order-outcomes → projector: what flows, what waits, what stands in the way.',
    rows: [
        {
            title: 'Flow',
            panels: [
                {
                    kind: 'graph',
                    title: 'Events a second, stage by stage',
                    about: 'The lines lie on each other while everything keeps up.',
                    unit: 'ops',
                    queries: [
                        { expr: (0, queries_1.rate)('command_api_orders_accepted_total'), legend: 'accepted' },
                        { expr: (0, queries_1.rate)('saga_outcomes_total'), legend: 'decided' },
                        { expr: (0, queries_1.rate)('projector_events_total', ['view']), legend: 'folded into {{view}}' },
                    ],
                },
                {
                    kind: 'graph',
                    title: 'Lag in seconds',
                    about: 'Age of the oldest record that waits, by the reader and its topic.',
                    unit: 's',
                    redFrom: 30,
                    queries: [
                        { expr: 'max by (topic) (saga_lag_seconds)', legend: 'saga ← {{topic}}' },
                        { expr: 'max by (topic) (projector_lag_seconds)', legend: 'projector ← {{topic}}' },
                    ],
                },
                {
                    kind: 'graph',
                    title: 'Lag in records',
                    about: 'Records that wait; KEDA adds replicas by it.',
                    unit: 'short',
                    queries: [
                        { expr: 'sum by (topic) (saga_lag_records)', legend: 'saga ← {{topic}}' },
                        { expr: 'sum by (topic) (projector_lag_events)', legend: 'projector ← {{topic}}' },
                    ],
                },
            ],
        },
        {
            title: 'What stands in the way',
            panels: [
                {
                    kind: 'graph',
                    title: 'Dependencies up',
                    about: '1 while every replica of a service reaches the server.',
                    unit: 'none',
                    queries: [
                        {
                            expr: 'min by (service, dependency) (flashsale_dependency_up)',
                            legend: '{{service}} → {{dependency}}',
                        },
                    ],
                },
                {
                    kind: 'graph',
                    title: 'Circuit breaker',
                    about: '0 closed, 1 open, 2 half-open.',
                    unit: 'none',
                    redFrom: 1,
                    queries: [
                        { expr: 'max by (instance) (command_api_circuit_breaker_state)', legend: '{{instance}}' },
                    ],
                },
                {
                    kind: 'graph',
                    title: 'Inside the command API',
                    about: 'Commands under way, and records that wait for Kafka. Both are bounded; at the bound the answer is 503.',
                    unit: 'short',
                    queries: [
                        { expr: 'sum by (instance) (command_api_in_flight_commands)', legend: 'in flight {{instance}}' },
                        { expr: 'sum by (instance) (command_api_log_queue_records)', legend: 'queued {{instance}}' },
                    ],
                },
            ],
        },
        {
            title: 'Dead letters',
            panels: [
                {
                    kind: 'graph',
                    title: 'Parked',
                    about: 'Dead letters that nobody has redriven or discarded.',
                    unit: 'short',
                    redFrom: 100,
                    queries: [{ expr: 'max(query_api_dead_letters)', legend: 'parked' }],
                },
                {
                    kind: 'graph',
                    title: 'Age of the oldest',
                    about: 'An order whose letter is old has its outcome; what it needs is a decision of a person.',
                    unit: 's',
                    redFrom: 3600,
                    queries: [{ expr: 'max(query_api_oldest_dead_letter_seconds)', legend: 'oldest' }],
                },
                {
                    kind: 'stacked',
                    title: 'New ones, by reason',
                    about: 'Of the saga and of the projector. Steady growth is a producer that writes what it should not.',
                    unit: 'ops',
                    queries: [
                        { expr: (0, queries_1.rate)('saga_dead_letters_total', ['reason']), legend: 'saga {{reason}}' },
                        { expr: (0, queries_1.rate)('projector_undecodable_total', ['reason']), legend: 'projector {{reason}}' },
                    ],
                },
            ],
        },
    ],
};
//# sourceMappingURL=pipeline.js.map