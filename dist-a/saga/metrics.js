"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createSagaMetrics = void 0;
const prom_client_1 = require("prom-client");
const events_1 = require("../schemas/events");
const intake_1 = require("./intake");
/** From one script call on an idle machine to the payment budget. */
const stepBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const gateStates = ['connecting', 'rebuilding', 'waiting', 'open', 'stopped'];
const createObserve = (registers) => {
    const outcomes = new prom_client_1.Counter({
        name: 'saga_outcomes_total',
        help: 'Orders whose outcome is in the log, by status',
        labelNames: ['status'],
        registers,
    });
    for (const status of ['COMPLETED', ...events_1.failureReasons.map((reason) => `FAILED_${reason}`)])
        outcomes.inc({ status }, 0);
    const counter = (name, help) => new prom_client_1.Counter({ name, help, registers });
    const voided = counter('saga_void_events_total', 'Outcomes written too late for their epoch, decided again');
    const postponed = counter('saga_payments_postponed_total', 'Orders moved to payment-retries');
    const records = counter('saga_records_total', 'Records handed to the saga');
    const redone = counter('saga_records_redone_total', 'Records that were not done and are handed over again');
    const buried = new prom_client_1.Counter({
        name: 'saga_dead_letters_total',
        help: 'Records put into the dead-letter topic, by reason',
        labelNames: ['reason'],
        registers,
    });
    // rate() does not see a counter that is born with its first letter.
    for (const reason of intake_1.burialReasons)
        buried.inc({ reason }, 0);
    const chunkSeconds = new prom_client_1.Histogram({
        name: 'saga_chunk_seconds',
        help: 'Time from a chunk of requests to their outcomes',
        buckets: stepBuckets,
        registers,
    });
    const stepSeconds = new prom_client_1.Histogram({
        name: 'saga_step_seconds',
        help: 'Time of one step for a whole chunk',
        labelNames: ['step'],
        buckets: stepBuckets,
        registers,
    });
    return {
        emitted: (event) => outcomes.inc({ status: event.type === 'OrderCompleted' ? 'COMPLETED' : `FAILED_${event.reason}` }),
        voided: (count) => voided.inc(count),
        buried: (reason) => buried.inc({ reason }),
        postponed: (orders) => postponed.inc(orders),
        chunk: (handed, done, durationMs) => {
            records.inc(handed);
            redone.inc(handed - done);
            chunkSeconds.observe(durationMs / 1000);
        },
        step: (step, durationMs) => stepSeconds.observe({ step }, durationMs / 1000),
    };
};
const createGauges = (registers, gauges) => {
    const lagLabels = ['topic', 'partition'];
    const lagRecords = new prom_client_1.Gauge({
        name: 'saga_lag_records',
        help: 'Records not yet done, of the partitions this process has',
        labelNames: lagLabels,
        registers,
        collect: () => {
            lagRecords.reset();
            for (const { topic, partition, records } of gauges.lag())
                lagRecords.set({ topic, partition }, records);
        },
    });
    const lagSeconds = new prom_client_1.Gauge({
        name: 'saga_lag_seconds',
        help: 'Age of the oldest record not yet done, of the partitions this process has',
        labelNames: lagLabels,
        registers,
        collect: () => {
            lagSeconds.reset();
            for (const { topic, partition, milliseconds } of gauges.lag()) {
                lagSeconds.set({ topic, partition }, milliseconds / 1000);
            }
        },
    });
    const gate = new prom_client_1.Gauge({
        name: 'saga_gate_state',
        help: '1 for the state the gate to the stock store is in',
        labelNames: ['state'],
        registers,
        collect: () => {
            for (const state of gateStates)
                gate.set({ state }, gauges.gateState() === state ? 1 : 0);
        },
    });
    const epoch = new prom_client_1.Gauge({
        name: 'saga_epoch',
        help: 'Generation of the stock store in use; -1 while it is closed',
        registers,
        collect: () => {
            epoch.set(gauges.epoch() ?? -1);
        },
    });
    const inFlight = new prom_client_1.Gauge({
        name: 'saga_payments_in_flight',
        help: 'Calls to the payment provider under way',
        registers,
        collect: () => {
            inFlight.set(gauges.paymentsInFlight());
        },
    });
};
/** Every metric of the saga. */
const createSagaMetrics = (registry, gauges) => {
    const registers = [registry];
    createGauges(registers, gauges);
    const gauge = (name, help) => new prom_client_1.Gauge({ name, help, registers });
    const read = gauge('saga_reconcile_read_records', 'Outcomes folded by the rebuild that runs, or ran last');
    const total = gauge('saga_reconcile_total_records', 'Outcomes that the rebuild has to fold');
    const voids = gauge('saga_reconcile_void_events', 'Void outcomes met by the last rebuild');
    const unresolved = gauge('saga_reconcile_unresolved_voids', 'Orders with nothing but void outcomes at the last rebuild; they are decided again');
    const rebuilds = new prom_client_1.Counter({
        name: 'saga_reconciles_total',
        help: 'Generations of the stock store that this process has opened',
        registers,
    });
    const rested = new prom_client_1.Counter({
        name: 'saga_stepped_back_seconds_total',
        help: 'Time rested in bursts, so that accepting came first (STEP_BACK_UP_TO)',
        registers,
    });
    return {
        observe: createObserve(registers),
        rested: (milliseconds) => rested.inc(milliseconds / 1000),
        rebuilt: () => rebuilds.inc(),
        onProgress: (progress) => {
            read.set(progress.read);
            total.set(progress.total);
            voids.set(progress.voidEvents);
            unresolved.set(progress.unresolvedVoids);
        },
    };
};
exports.createSagaMetrics = createSagaMetrics;
//# sourceMappingURL=metrics.js.map