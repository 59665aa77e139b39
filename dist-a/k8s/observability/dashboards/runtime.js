"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.runtime = void 0;
const queries_1 = require("./queries");
const eachInstance = '{{service}} {{instance}}';
exports.runtime = {
    uid: 'flash-sale-runtime',
    title: 'Flash sale / Runtime',
    about: 'The processes: versions, CPU, memory, event loop, garbage, handles.',
    rows: [
        {
            title: 'Processes',
            panels: [
                {
                    kind: 'graph',
                    title: 'Up',
                    about: 'Instances that answer Prometheus.',
                    unit: 'none',
                    queries: [{ expr: 'sum by (service) (flashsale_build_info)', legend: '{{service}}' }],
                },
                {
                    kind: 'graph',
                    title: 'CPU',
                    about: 'Cores in use; a Node process uses one for its own code.',
                    unit: 'none',
                    queries: [
                        { expr: (0, queries_1.rate)('process_cpu_seconds_total', ['service', 'instance']), legend: eachInstance },
                    ],
                },
                {
                    kind: 'graph',
                    title: 'Memory',
                    about: 'Resident set. It stays flat over hours.',
                    unit: 'bytes',
                    queries: [{ expr: 'process_resident_memory_bytes', legend: eachInstance }],
                },
            ],
        },
        {
            title: 'Event loop',
            panels: [
                {
                    kind: 'graph',
                    title: 'Lag, p99',
                    about: 'How long the event loop was held. Heartbeats and answers wait for it.',
                    unit: 's',
                    redFrom: 0.5,
                    queries: [{ expr: 'nodejs_eventloop_lag_p99_seconds', legend: eachInstance }],
                },
                {
                    kind: 'graph',
                    title: 'Time in garbage collection',
                    about: 'Share of a second. Over a tenth, the heap is too small or something is kept.',
                    unit: 'percentunit',
                    queries: [
                        { expr: (0, queries_1.rate)('nodejs_gc_duration_seconds_sum', ['service', 'instance']), legend: eachInstance },
                    ],
                },
                {
                    kind: 'graph',
                    title: 'Heap in use',
                    about: 'Against NODE_OPTIONS --max-old-space-size of the deployment.',
                    unit: 'bytes',
                    queries: [{ expr: 'nodejs_heap_size_used_bytes', legend: eachInstance }],
                },
            ],
        },
        {
            title: 'Handles',
            panels: [
                {
                    kind: 'graph',
                    title: 'Open files',
                    about: 'Sockets count too. It comes back to where it was after a burst and after a fault.',
                    unit: 'short',
                    queries: [{ expr: 'process_open_fds', legend: eachInstance }],
                },
                {
                    kind: 'graph',
                    title: 'Active resources',
                    about: 'Timers, sockets and requests that keep the process alive.',
                    unit: 'short',
                    queries: [
                        { expr: 'sum by (service, instance) (nodejs_active_resources_total)', legend: eachInstance },
                    ],
                },
            ],
        },
    ],
};
//# sourceMappingURL=runtime.js.map