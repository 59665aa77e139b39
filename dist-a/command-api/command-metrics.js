"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.countOutcome = exports.createCommandGauges = exports.createCommandMetrics = exports.failureReasons = void 0;
const prom_client_1 = require("prom-client");
const command_path_1 = require("./command-path");
/** The predecessor's numbers, kept: its dashboards and alerts read them. */
const breakerStateNumber = { closed: 0, open: 1, 'half-open': 2 };
/** Around what a buyer feels: 5 ms is an idle system, 60 ms the goal at 128 connections, 3 s the deadline. */
const durationBuckets = [0.002, 0.005, 0.01, 0.02, 0.03, 0.045, 0.06, 0.1, 0.25, 0.5, 1, 2, 3, 5];
/** Why an order was answered 503, or 500 for `internal`: nothing was wrong with the request. */
exports.failureReasons = [...command_path_1.unavailabilities, 'identity-unavailable', 'internal'];
const counter = (registers, name, help) => new prom_client_1.Counter({ name: `command_api_${name}_total`, help, registers });
/** Every metric of this service. Counters of orders count HTTP requests to /commands/buy, one outcome each. */
const createCommandMetrics = (registry) => {
    const registers = [registry];
    const metrics = {
        received: counter(registers, 'orders_received', 'Requests to buy that arrived whole, or were refused for their headers'),
        accepted: counter(registers, 'orders_accepted', 'Orders acknowledged by the log and answered 202'),
        replayed: counter(registers, 'orders_replayed', 'Repeats answered with the first 202'),
        failed: new prom_client_1.Counter({
            name: 'command_api_orders_failed_total',
            help: 'Orders answered 503, or 500 for internal, by why',
            labelNames: ['reason'],
            registers,
        }),
        validationFailed: counter(registers, 'orders_validation_failed', 'Requests refused as 400, 413 or 415'),
        duplicates: counter(registers, 'orders_duplicate', 'Repeats of an accepted order, answered 409'),
        payloadMismatches: counter(registers, 'orders_payload_mismatch', 'Ids used again with another body'),
        inFlightRepeats: counter(registers, 'orders_in_flight', 'Repeats of an order without an answer yet'),
        rateLimited: counter(registers, 'orders_rate_limited', 'Orders over their user’s limit, answered 429'),
        notOnSale: counter(registers, 'orders_not_on_sale', 'Orders of an item not on sale, answered 425 or 410'),
        unauthorized: counter(registers, 'orders_unauthorized', 'Requests refused as 401 or 403'),
        adminCommands: new prom_client_1.Counter({
            name: 'command_api_admin_commands_total',
            help: 'Operators’ commands, by what became of them',
            labelNames: ['command', 'outcome'],
            registers,
        }),
        admittedWithoutRedis: counter(registers, 'admitted_without_redis', 'Commands let in by the in-process limiter because Redis was away'),
        durationSeconds: new prom_client_1.Histogram({
            name: 'command_api_request_duration_seconds',
            help: 'From the last byte of a request to buy to its answer',
            buckets: durationBuckets,
            registers,
        }),
    };
    // A rate over a series that appears with its first failure misses that failure.
    for (const reason of exports.failureReasons)
        metrics.failed.inc({ reason }, 0);
    return metrics;
};
exports.createCommandMetrics = createCommandMetrics;
/** Values that are read when somebody asks, and cost nothing in between. */
const createCommandGauges = (registry, gauges) => {
    const registers = [registry];
    new prom_client_1.Gauge({
        name: 'command_api_circuit_breaker_state',
        help: '0 closed, 1 open, 2 half-open',
        // Of several workers, the one that sees trouble.
        aggregator: 'max',
        registers,
        collect() {
            this.set(breakerStateNumber[gauges.breakerState()]);
        },
    });
    new prom_client_1.Gauge({
        name: 'command_api_in_flight_commands',
        help: 'Commands between validation and answer',
        registers,
        collect() {
            this.set(gauges.inFlight());
        },
    });
    new prom_client_1.Gauge({
        name: 'command_api_log_queue_records',
        help: 'Records that wait for the log or are on their way to it',
        registers,
        collect() {
            this.set(gauges.logQueue());
        },
    });
};
exports.createCommandGauges = createCommandGauges;
/** The counter of one request's outcome. */
const counterOf = (metrics, kind, asksForReplay) => {
    switch (kind) {
        case 'appended':
            return metrics.accepted;
        case 'accepted':
            return asksForReplay ? metrics.replayed : metrics.duplicates;
        case 'in-flight':
            return metrics.inFlightRepeats;
        case 'mismatch':
            return metrics.payloadMismatches;
        case 'limited':
            return metrics.rateLimited;
        case 'refused':
            return metrics.notOnSale;
    }
};
/** One request to buy, one outcome. */
const countOutcome = (metrics, submitted, asksForReplay) => {
    if (submitted.kind === 'unavailable')
        metrics.failed.inc({ reason: submitted.reason });
    else
        counterOf(metrics, submitted.kind, asksForReplay).inc();
};
exports.countOutcome = countOutcome;
//# sourceMappingURL=command-metrics.js.map