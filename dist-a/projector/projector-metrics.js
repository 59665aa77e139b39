"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.createProjectorMetrics = void 0;
const prom_client_1 = require("prom-client");
const codec_1 = require("../schemas/codec");
const topics_1 = require("../schemas/topics");
const lagGauges = (registry, consumer) => {
    const labelNames = ['topic', 'partition'];
    const inEvents = new prom_client_1.Gauge({
        name: 'projector_lag_events',
        help: 'Events appended to the log and not yet in the view',
        labelNames,
        registers: [registry],
    });
    new prom_client_1.Gauge({
        name: 'projector_lag_seconds',
        help: 'Age of the oldest event not yet in the view',
        labelNames,
        registers: [registry],
        collect() {
            this.reset();
            inEvents.reset();
            for (const { topic, partition, records, milliseconds } of consumer.lag()) {
                this.set({ topic, partition }, milliseconds / 1000);
                inEvents.set({ topic, partition }, records);
            }
        },
    });
};
/** The topics of each view whose records are decoded; a dead letter is kept as it is. */
const views = [
    { view: 'orders', topics: [topics_1.topics.orderRequests.name, topics_1.topics.orderOutcomes.name] },
    { view: 'items', topics: [topics_1.topics.stockAdjustments.name] },
    { view: 'dead-letters', topics: [topics_1.topics.deadLetterCommands.name] },
];
const createProjectorMetrics = (registry) => {
    const registers = [registry];
    const events = new prom_client_1.Counter({
        name: 'projector_events_total',
        help: 'Events folded into a view',
        labelNames: ['view'],
        registers,
    });
    const setAside = new prom_client_1.Counter({
        name: 'projector_events_set_aside_total',
        help: 'Events that changed nothing: copies of earlier ones, and outcomes that the fence made void',
        labelNames: ['view'],
        registers,
    });
    const undecodable = new prom_client_1.Counter({
        name: 'projector_undecodable_total',
        help: 'Records that could not be decoded',
        labelNames: ['topic', 'reason'],
        registers,
    });
    const size = new prom_client_1.Histogram({
        name: 'projector_batch_events',
        help: 'Events of one transaction',
        labelNames: ['view'],
        buckets: [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000],
        registers,
    });
    const seconds = new prom_client_1.Histogram({
        name: 'projector_batch_seconds',
        help: 'Time to fold and commit one transaction',
        labelNames: ['view'],
        buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
        registers,
    });
    const rested = new prom_client_1.Counter({
        name: 'projector_stepped_back_seconds_total',
        help: 'Time rested in bursts, so that accepting came first (STEP_BACK_UP_TO)',
        registers,
    });
    // rate() does not see a counter that is born with its first event.
    for (const { view, topics: read } of views) {
        setAside.inc({ view }, 0);
        for (const topic of read)
            for (const reason of codec_1.poisonReasons)
                undecodable.inc({ topic, reason }, 0);
    }
    return {
        written: (view, batch) => {
            events.inc({ view }, batch.records);
            setAside.inc({ view }, batch.written.setAside);
            size.observe({ view }, batch.records);
            seconds.observe({ view }, batch.seconds);
        },
        rested: (milliseconds) => rested.inc(milliseconds / 1000),
        undecodable: ({ record, reason }) => undecodable.inc({ topic: record.topic, reason }),
        watch: (consumer) => lagGauges(registry, consumer),
    };
};
exports.createProjectorMetrics = createProjectorMetrics;
//# sourceMappingURL=projector-metrics.js.map