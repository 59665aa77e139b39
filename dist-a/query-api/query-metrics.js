"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.observeRoutes = exports.createQueryMetrics = void 0;
const prom_client_1 = require("prom-client");
const classOf = (status) => `${Math.floor(status / 100)}xx`;
const watchGauges = (registry, gauges) => {
    const gauge = (name, help, read) => {
        new prom_client_1.Gauge({
            name,
            help,
            registers: [registry],
            collect() {
                this.set(read());
            },
        });
    };
    gauge('query_api_waiters', 'Requests that wait for an order', gauges.waiters);
    gauge('query_api_streams', 'Event streams open', gauges.streams);
    gauge('query_api_feed_listening', '1 while the projector is heard through PostgreSQL', () => gauges.isListening() ? 1 : 0);
    new prom_client_1.Gauge({
        name: 'query_api_view_lag_seconds',
        help: 'How long the orders view has been behind a partition of the log',
        labelNames: ['topic', 'partition'],
        registers: [registry],
        collect() {
            // What is not known any more must not stand there as it was.
            this.reset();
            for (const { topic, partition, lagMs } of gauges.lags())
                this.set({ topic, partition }, lagMs / 1000);
        },
    });
};
const createQueryMetrics = (registry) => {
    const seconds = new prom_client_1.Histogram({
        name: 'query_api_request_seconds',
        help: 'Time to answer; routes with ?wait hold on purpose',
        labelNames: ['route'],
        buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
        registers: [registry],
    });
    const requests = new prom_client_1.Counter({
        name: 'query_api_requests_total',
        help: 'Requests answered',
        labelNames: ['route', 'status'],
        registers: [registry],
    });
    return {
        observe: (route, status, milliseconds) => {
            seconds.observe({ route }, milliseconds / 1000);
            requests.inc({ route, status: classOf(status) });
        },
        watch: (gauges) => watchGauges(registry, gauges),
    };
};
exports.createQueryMetrics = createQueryMetrics;
/** Times what express answers, by the pattern of the route that took the request. */
const observeRoutes = (metrics) => (request, response, next) => {
    const startedAtMs = performance.now();
    response.on('close', () => {
        const route = request.route?.path;
        const label = typeof route === 'string' ? route : 'other';
        metrics.observe(label, response.statusCode, performance.now() - startedAtMs);
    });
    next();
};
exports.observeRoutes = observeRoutes;
//# sourceMappingURL=query-metrics.js.map